"""Admin tokens of programs."""
