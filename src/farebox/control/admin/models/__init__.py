"""Models on sale: facts, switches, caps and routes."""
