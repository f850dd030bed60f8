"""The queue of refund requests."""
