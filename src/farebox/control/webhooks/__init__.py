"""Webhooks of payment providers."""
