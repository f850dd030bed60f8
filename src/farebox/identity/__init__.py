"""People: how they sign up, prove who they are, and which accounts and scopes are theirs."""
