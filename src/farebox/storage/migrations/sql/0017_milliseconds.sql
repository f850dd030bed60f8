-- Prices and discounts begin and end on whole milliseconds: gateways reckon in these, and a job of the microseconds between
-- would be charged by the wrong side of the edge.

ALTER TABLE rate_card ALTER COLUMN effective_at TYPE timestamptz(3);

ALTER TABLE discount
    ALTER COLUMN starts_at TYPE timestamptz(3),
    ALTER COLUMN ends_at TYPE timestamptz(3);
