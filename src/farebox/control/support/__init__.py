"""Support requests of the account."""
