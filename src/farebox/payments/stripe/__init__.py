"""Stripe: Checkout, kept cards, refunds, and what its events say. It must not know the ledger, nor SQL."""
