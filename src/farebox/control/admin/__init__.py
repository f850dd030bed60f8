"""What operators use, under /admin."""
