"""Signing in with an account elsewhere (OpenID Connect), linking and unlinking it."""
