"""Monthly statements of all accounts."""
