"""Customer groups and who belongs to them."""
