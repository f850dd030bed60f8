-- Discounts, customer groups, and limits of single models.

-- So much less is charged for the models whose names match, from one moment to another. A row is changed only by ending
-- it earlier: what a job was charged for is pinned in its factor.
CREATE TABLE discount (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,                      -- what customers read
    patterns    text[] NOT NULL,                    -- of model names; * stands for anything
    off_ppm     bigint NOT NULL CHECK (off_ppm BETWEEN 1 AND 1000000),
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz CHECK (ends_at >= starts_at),   -- the first moment without it; null: until it is ended
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- What accounts of a group are charged of the price: 1,000,000 is all of it.
CREATE TABLE customer_group (
    name        text PRIMARY KEY,
    factor_ppm  bigint NOT NULL CHECK (factor_ppm BETWEEN 0 AND 100000000),
    description text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON discount FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON customer_group FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON rate_card FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();

-- Null: no group. Read by admission with the rest of the row, so that a new group is in force for the next call.
ALTER TABLE account ADD COLUMN customer_group text REFERENCES customer_group (name);
CREATE INDEX account_group ON account (customer_group) WHERE customer_group IS NOT NULL;

ALTER TABLE model
    ADD COLUMN family text NOT NULL DEFAULT '',     -- what the status page shows as one; '': the model alone
    -- Of each account; meant for models that cost nothing, which no balance bounds.
    ADD COLUMN account_requests_per_minute bigint CHECK (account_requests_per_minute > 0);

-- Requests per account, model and minute; kept only for models with such a limit, and only as long as they count.
CREATE TABLE account_model_minute (
    account_id  uuid NOT NULL,
    model       text NOT NULL,
    minute      bigint NOT NULL,
    requests    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, model, minute)
) WITH (fillfactor = 50);
CREATE INDEX account_model_minute_old ON account_model_minute (minute);

-- Which announcement told of a change of prices, so that one that is taken back is not announced any more.
CREATE TABLE price_notice (
    rate_card_id    bigint PRIMARY KEY REFERENCES rate_card (id),
    announcement_id uuid NOT NULL
);
