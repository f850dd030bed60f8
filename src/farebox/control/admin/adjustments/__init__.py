"""The queue of adjustment requests."""
