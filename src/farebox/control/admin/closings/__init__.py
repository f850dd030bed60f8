"""The queue of accounts that close."""
