"""A stand-in for an OpenAI-compatible provider: the demo model, test keys, load target and fault source.

It speaks the wire format only; it knows nothing of accounts, prices or any other part of Farebox.
"""
