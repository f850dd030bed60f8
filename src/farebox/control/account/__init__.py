"""The account that a member looks at."""
