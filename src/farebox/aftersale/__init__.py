"""What people ask for after the sale: support, adjustments, refunds, withdrawal, closing, and the wind-down list.

It decides who may ask for what and who decided how; the ledger moves the money. It must not know HTTP, nor the payment
providers: what payments has to do for it comes in as a value (aftersale/source.py).
"""
