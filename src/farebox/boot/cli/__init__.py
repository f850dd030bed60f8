"""The command line: one file per noun; app.py finds them, session.py opens what they need, output.py prints.

Every command takes --data and --json, exits 0 on success, 2 on bad usage and 1 otherwise, with one clear line on
standard error.
"""
