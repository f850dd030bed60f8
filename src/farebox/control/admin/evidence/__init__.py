"""Evidence for authorities."""
