"""Channels: the ways to reach providers, with their health, caps and keys."""
