-- Requests after the sale: refunds, adjustments, support, closing, withdrawal.

SELECT 1;
