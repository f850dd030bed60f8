"""A stand-in for the providers, in all their dialects: the demo model, test keys, load target and fault source.

It speaks the wire formats only; it knows nothing of accounts, prices or any other part of Farebox. The dialects of the
gateway are the other side of this wire: sharing code with them would hide mistakes of both.
"""
