"""Jobs of all accounts, with cost and margin."""
