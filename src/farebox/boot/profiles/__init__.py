"""The policy files that `farebox init` writes; data, not code."""
