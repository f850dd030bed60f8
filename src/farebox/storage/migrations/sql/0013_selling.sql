-- Discounts, customer groups and margins.

SELECT 1;
