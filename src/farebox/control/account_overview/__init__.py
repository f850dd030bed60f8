"""The first page of a customer."""
