-- Where two things count as the same: moments of prices, references of transfers.

-- Prices and discounts begin and end on whole milliseconds: gateways reckon in these, and a job of the microseconds between
-- would be charged by the wrong side of the edge.
ALTER TABLE rate_card ALTER COLUMN effective_at TYPE timestamptz(3);

ALTER TABLE discount
    ALTER COLUMN starts_at TYPE timestamptz(3),
    ALTER COLUMN ends_at TYPE timestamptz(3);

-- One bank transfer is one reference however it is typed: without case, width, blanks, dashes and what cannot be seen.
CREATE FUNCTION farebox_evidence_key(evidence text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    RETURN lower(regexp_replace(normalize(evidence, NFKC),
                                '[\s\u00ad\u200b-\u200f\u2010-\u2015\u2028-\u202f\u2060-\u206f\ufeff./_-]', '', 'g'));

DROP INDEX recharge_evidence;
CREATE UNIQUE INDEX recharge_evidence ON recharge (farebox_evidence_key(evidence))
    WHERE evidence <> '' AND decision <> 'declined' AND cancelled_at IS NULL;
