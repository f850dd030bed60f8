"""Usage by day and hour."""
