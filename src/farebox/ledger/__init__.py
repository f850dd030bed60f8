"""The ledger: double entry, append-only; every change of a balance is an entry that its customer can see.

    posting.py   the books, their signs, and pure builders of balanced postings
    lots.py      which lots a spending takes from, and what expires
    service.py   credit, adjustment, claw-back, expiry: each one transaction, under the account's lock
    store.py     the SQL
    verify.py    every invariant over the live database, and the chain of sealed blocks
    seal.py      chains what can no longer change into hashed blocks
    heads.py     what was published of the chain, and how the chain differs from it
    receipt.py   the receipt of a job, with the reason of a charge that is not the sum of its lines
    export.py    the whole ledger for spreadsheets and plain-text accounting

Holds and charges of jobs are posted by the till, with the builders of posting.py. It must not know jobs' contents,
HTTP or payment providers' formats.
"""
