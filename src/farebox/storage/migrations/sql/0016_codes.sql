-- Redemption codes, manual transfers, automatic recharges, statements.

SELECT 1;
