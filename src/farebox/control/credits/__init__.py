"""Balance and lots."""
