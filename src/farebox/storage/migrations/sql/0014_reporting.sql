-- Rollups and indexes for pages of logs, usage and ledger.

-- The moment inside a UUIDv7 (kit/ids.py unix_ms_of): what rollups go by, for it never changes.
CREATE FUNCTION farebox_id_at(id uuid) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    RETURN to_timestamp((('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint) / 1000.0::float8);

-- What jobs used, were charged and cost, by the hour in which they began. A duty rebuilds whole hours (ledger/rollup.py),
-- so that doing it again changes nothing. The second call of a hedged job counts as cost of its own channel.
CREATE TABLE usage_hour (
    account_id          uuid NOT NULL,
    hour                timestamptz NOT NULL,
    key_id              uuid NOT NULL,
    model               text NOT NULL,
    channel_id          uuid NOT NULL,              -- the nil UUID: none was reached
    jobs                bigint NOT NULL,            -- settled
    voided              bigint NOT NULL,
    input_tokens        bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens  bigint NOT NULL,
    output_tokens       bigint NOT NULL,
    reasoning_tokens    bigint NOT NULL,
    charge_nano         bigint NOT NULL,
    write_off_nano      bigint NOT NULL,
    cost_nano           bigint NOT NULL,
    PRIMARY KEY (account_id, hour, key_id, model, channel_id)
);
CREATE INDEX usage_hour_hour ON usage_hour (hour);

-- The same over all accounts: small enough to sum years of it.
CREATE TABLE margin_hour (
    hour                timestamptz NOT NULL,
    model               text NOT NULL,
    channel_id          uuid NOT NULL,
    jobs                bigint NOT NULL,
    voided              bigint NOT NULL,
    charge_nano         bigint NOT NULL,
    write_off_nano      bigint NOT NULL,
    cost_nano           bigint NOT NULL,
    PRIMARY KEY (hour, model, channel_id)
);

-- Jobs with an id below `until_id` are in the rollups; who reads adds the others from job itself. Hours before `checked_ms`
-- have been built a second time, a day later.
CREATE TABLE usage_mark (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    until_ms    bigint NOT NULL,
    until_id    uuid NOT NULL,
    checked_ms  bigint NOT NULL
);
-- From the oldest job on.
INSERT INTO usage_mark (until_ms, until_id, checked_ms)
SELECT (extract(epoch FROM begun) * 1000)::bigint,
       (lpad(to_hex((extract(epoch FROM begun) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid,
       (extract(epoch FROM begun) * 1000)::bigint
FROM (SELECT date_trunc('hour', coalesce((SELECT farebox_id_at(id) FROM job ORDER BY id LIMIT 1), now()), 'UTC')) AS first (begun);

-- Hours that are to be built again. Without a unique key, so that who notes one never waits for another.
CREATE TABLE usage_stale (hour timestamptz NOT NULL);

-- A job that was voided and settles after all changes an hour that may be long over.
CREATE FUNCTION farebox_usage_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO usage_stale (hour) VALUES (date_trunc('hour', farebox_id_at(NEW.id), 'UTC'));
    RETURN NULL;
END $$;
CREATE TRIGGER usage_changed AFTER UPDATE ON job FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION farebox_usage_changed();

-- Hedges by time: only hedged jobs pay for it.
CREATE INDEX job_hedge_job ON job_hedge (job_id);

-- What is not a charge, for a statement of one kind; charges, which are nearly all, are not in it.
CREATE INDEX txn_kind ON txn (account_id, kind, id) WHERE kind <> 'charge';

-- Who made a key: usage by member.
ALTER TABLE api_key ADD COLUMN made_by uuid REFERENCES person (id);

-- Searches of accounts by balance and status.
CREATE INDEX account_contact_name ON account_contact (lower(name) text_pattern_ops) WHERE name <> '';
CREATE INDEX account_contact_email_prefix ON account_contact (lower(email) text_pattern_ops);
CREATE INDEX api_key_prefix ON api_key (prefix text_pattern_ops);
