"""Payments: what the customer has paid, and what endpoints of payments work with."""
