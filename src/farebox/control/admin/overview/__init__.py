"""The first page of an operator."""
