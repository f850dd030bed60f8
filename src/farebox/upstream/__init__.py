"""Providers over the network: the HTTP client (client.py), and beside it routes and their health."""
