"""The queue of support requests."""
