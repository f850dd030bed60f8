"""Invitations to open an account."""
