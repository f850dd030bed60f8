"""The rules that this deployment goes by."""
