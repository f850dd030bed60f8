"""Stand-ins for Stripe and Creem: stateful, with a page to pay on, and webhooks that can come twice, late or never.

They speak the providers' published formats and know nothing of recharges, ledgers or any other part of Farebox; sharing
code with the payments package would hide mistakes of both.
"""
