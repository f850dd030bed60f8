"""Measurements of Farebox beside going direct, nginx and two other gateways, all in one run on one machine.

    python -m bench           everything; prints one table and writes bench/results/<date>.json
    python -m bench.peers     installs what it compares with

It is no test: it asserts that answers are right, never that they are fast.
"""
