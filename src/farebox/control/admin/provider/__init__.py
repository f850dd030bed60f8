"""Providers, each with all its channels."""
