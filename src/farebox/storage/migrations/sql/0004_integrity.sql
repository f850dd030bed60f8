-- A ledger that notices a restored or rewritten database.

SELECT 1;
