"""The outbox as operators see it."""
