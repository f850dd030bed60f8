"""Background work on the same PostgreSQL: any number of nodes may run it at once.

    run.py          which duties there are and how often each runs
    duty.py         one periodic duty: its turn, its leadership, its failures
    posting.py      how the worker ends jobs
    adoption.py     settlements in the spools of this node's dead workers
    sweeper.py      holds, leases and deliveries of dead workers, holds past their deadline
    partitions.py   tomorrow's partitions
    sealer.py       blocks of the ledger's chain
    verification.py all invariants, daily
    learning.py     how long answers of a model are
    expiry.py       credit whose time is over
    retention.py    rows that nobody needs any more
    store.py        the SQL of all of them

    business.py     the duties of the business, with connections of their own:
    mail_sender.py, webhook_sender.py       what leaves the outbox, once and at least once
    broadcasting.py, watching.py            notices to many; balances and spend at their marks
    expiry_notice.py, dormancy.py           credit that expires soon, accounts that nobody uses
    business_retention.py, forgetting.py    what the business and identity forget

It must not know HTTP or providers.
"""
