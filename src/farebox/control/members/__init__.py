"""Members of an account, and invitations into it."""
