"""Passkeys of a person."""
