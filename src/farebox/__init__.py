"""Farebox: a prepaid gateway to large language models that an operator can trust with money.

ARCHITECTURE.md is the map of this package; the way of one request is `gateway/pipeline.py`.
"""

__version__ = "0.1.0"
