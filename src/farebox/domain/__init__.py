"""Pure values and rules of the business: no I/O, no clock, no framework.

Everything here can be printed, compared and tested without a database. Standard library and msgspec only.
"""
