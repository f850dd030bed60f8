"""Payments, their refunds and events, for operators."""
