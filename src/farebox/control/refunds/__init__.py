"""Refunds that the account asks for."""
