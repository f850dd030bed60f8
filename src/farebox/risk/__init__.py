"""Signals of abuse and what is done about them."""
