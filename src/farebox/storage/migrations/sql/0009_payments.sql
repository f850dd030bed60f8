-- Recharges, payments, their events, refunds and disputes.

SELECT 1;
