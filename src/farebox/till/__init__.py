"""The till: one atomic, durable decision per batch of operations (ARCHITECTURE.md, 'The till').

    operations.py   what can be asked of the till and what it answers: frozen values
    decide.py       the whole policy as one pure function over a loaded state
    store.py        the SQL: lock, load, write
    till.py         the loop: gather, run a batch, bisect, resolve what is in doubt
    spool.py        settlements that wait on disk while the database is away
    leases.py       slices of caps that all workers share
    heartbeat.py    this worker is alive; what it has settled but not yet delivered

It must not know HTTP, dialects or the network to providers.
"""
