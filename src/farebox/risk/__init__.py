"""Conduct that is noticed: signals of the policy's rules, the operator's decisions on them, evidence for authorities.

It measures and remembers; what a freeze does to an account is the accounts', and comes in from above.
"""
