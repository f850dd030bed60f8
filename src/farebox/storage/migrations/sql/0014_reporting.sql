-- Rollups and indexes for pages of logs, usage and ledger.

SELECT 1;
