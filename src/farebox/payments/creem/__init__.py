"""Creem, a merchant of record: checkouts, refunds, and what its events say. It must not know the ledger, nor SQL."""
