"""People as operators see them."""
