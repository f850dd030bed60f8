"""The emergency stop: in force for the next admission on every node."""
