"""Disputes: what operators decide on chargebacks."""
