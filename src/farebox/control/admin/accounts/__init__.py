"""Accounts, as operators see and change them."""
