"""What people and accounts want to be told."""
