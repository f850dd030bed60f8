"""Accounts that wait for the operator."""
