"""The operator's business rules by subject; `domain/policy.py` puts them together, a profile fills them in."""
