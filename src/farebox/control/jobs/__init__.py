"""The log of calls, and receipts."""
