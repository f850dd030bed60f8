"""What was compared with what, and what differed."""
