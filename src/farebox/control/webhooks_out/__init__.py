"""Webhooks of customers."""
