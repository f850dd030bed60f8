"""Accounts and their API keys: who may call, in whose name. It moves no money; that is the ledger's."""
