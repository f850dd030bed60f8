-- The fare path: accounts, keys, catalogue, holds, jobs, ledger.
--
-- Every table that grows with traffic leads with account_id, so that accounts can be spread over shards one day.
-- Tables that grow without end are partitioned by the day inside their UUIDv7.
-- Amounts are nano-units of the deployment's unit unless a column says otherwise; counters of meters are described in
-- domain/limits.py.

-- ---------------------------------------------------------------------------------------------------------------
-- Accounts and API keys: one row each that admission locks, reads and writes. Narrow on purpose; HOT updates only.

CREATE TABLE account (
    id                  uuid PRIMARY KEY,
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'frozen', 'closed')),
    status_reason       text NOT NULL DEFAULT '',
    balance_nano        bigint NOT NULL DEFAULT 0,
    held_nano           bigint NOT NULL DEFAULT 0 CHECK (held_nano >= 0),
    -- The number of the account's last ledger entry: balance_after forms a gapless chain by version.
    version             bigint NOT NULL DEFAULT 0,
    requests_per_minute bigint, tokens_per_minute bigint, concurrency bigint,
    daily_nano          bigint, monthly_nano bigint, total_limit_nano bigint,
    last_us             bigint NOT NULL DEFAULT 0,
    minute              bigint NOT NULL DEFAULT 0,
    requests            bigint NOT NULL DEFAULT 0, requests_before bigint NOT NULL DEFAULT 0,
    tokens              bigint NOT NULL DEFAULT 0, tokens_before bigint NOT NULL DEFAULT 0,
    open_jobs           bigint NOT NULL DEFAULT 0 CHECK (open_jobs >= 0),
    day                 bigint NOT NULL DEFAULT 0, day_nano bigint NOT NULL DEFAULT 0,
    month               bigint NOT NULL DEFAULT 0, month_nano bigint NOT NULL DEFAULT 0,
    total_nano          bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);

-- Who an account is: read by people, never by admission.
CREATE TABLE account_contact (
    account_id  uuid PRIMARY KEY REFERENCES account (id),
    email       text NOT NULL,
    name        text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_contact_email ON account_contact (lower(email));

CREATE TABLE api_key (
    id                  uuid PRIMARY KEY,
    account_id          uuid NOT NULL REFERENCES account (id),
    kind                text NOT NULL CHECK (kind IN ('live', 'test')),
    name                text NOT NULL DEFAULT '',
    prefix              text NOT NULL,              -- the first 12 characters: all that is ever shown again
    hash                bytea NOT NULL UNIQUE,      -- SHA-256 of the whole key
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
    expires_at          timestamptz,
    models              text[],                     -- null: every model
    cidrs               cidr[],                     -- null: every address
    sees_balance        boolean NOT NULL DEFAULT true,
    cors_origins        text[],
    created_at          timestamptz NOT NULL DEFAULT now(),
    requests_per_minute bigint, tokens_per_minute bigint, concurrency bigint,
    daily_nano          bigint, monthly_nano bigint, total_limit_nano bigint,
    last_us             bigint NOT NULL DEFAULT 0,
    minute              bigint NOT NULL DEFAULT 0,
    requests            bigint NOT NULL DEFAULT 0, requests_before bigint NOT NULL DEFAULT 0,
    tokens              bigint NOT NULL DEFAULT 0, tokens_before bigint NOT NULL DEFAULT 0,
    open_jobs           bigint NOT NULL DEFAULT 0 CHECK (open_jobs >= 0),
    day                 bigint NOT NULL DEFAULT 0, day_nano bigint NOT NULL DEFAULT 0,
    month               bigint NOT NULL DEFAULT 0, month_nano bigint NOT NULL DEFAULT 0,
    total_nano          bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX api_key_account ON api_key (account_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Catalogue: small, read as one snapshot. Whoever changes one of these tables adds one to catalogue.version in the
-- same transaction (a trigger does it), and every worker reloads before its next admission.

CREATE TABLE catalogue (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    version     bigint NOT NULL DEFAULT 1
);
INSERT INTO catalogue DEFAULT VALUES;

-- Caps of a provider over all its channels; a provider without a row has none.
CREATE TABLE provider (
    name            text PRIMARY KEY,
    daily_cap_nano  bigint,                         -- in provider cost
    concurrency     bigint
);

CREATE TABLE channel (
    id              uuid PRIMARY KEY,
    name            text NOT NULL UNIQUE,
    kind            text NOT NULL CHECK (kind IN ('openai', 'openai-compatible', 'anthropic', 'gemini', 'simulator')),
    provider        text NOT NULL,
    base_url        text NOT NULL,                  -- 'simulator:' is the node's own simulator
    allow_private   boolean NOT NULL DEFAULT false,
    proxy           text,
    enabled         boolean NOT NULL DEFAULT true,
    daily_cap_nano  bigint,                         -- in provider cost
    concurrency     bigint,
    created_at      timestamptz NOT NULL DEFAULT now()
);

-- The key pool of a channel. The secret is sealed (kit/crypto.py), never shown back.
CREATE TABLE channel_key (
    id          uuid PRIMARY KEY,
    channel_id  uuid NOT NULL REFERENCES channel (id),
    sealed      bytea NOT NULL,
    enabled     boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE model (
    name                    text PRIMARY KEY,
    enabled                 boolean NOT NULL DEFAULT true,
    owned_by                text NOT NULL DEFAULT 'farebox',
    context_tokens          bigint,
    most_output_tokens      bigint,
    account_daily_cap_nano  bigint,                 -- per account and day, in charges
    daily_cap_nano          bigint,                 -- for the whole deployment and day, in charges
    first_step_tokens       bigint,                 -- learned: about the 95th percentile of settled outputs
    tokens_per_kilobyte     jsonb,                  -- learned: high quantile of tokens per 1024 bytes by byte class
    input_modalities        text[] NOT NULL DEFAULT '{text}',
    created_at              timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE route (
    id              uuid PRIMARY KEY,
    model           text NOT NULL REFERENCES model (name),
    channel_id      uuid NOT NULL REFERENCES channel (id),
    upstream_model  text NOT NULL,
    priority        integer NOT NULL DEFAULT 0,     -- lower is tried first
    weight          integer NOT NULL DEFAULT 1 CHECK (weight >= 0),
    cost            jsonb NOT NULL,                 -- the provider's prices: domain/pricing.py Rates
    UNIQUE (model, channel_id, upstream_model)
);

-- Immutable: a new price is a new row. The newest row of a model that is in force is its rate card.
CREATE TABLE rate_card (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model           text NOT NULL REFERENCES model (name),
    version         integer NOT NULL,
    rates           jsonb NOT NULL,                 -- domain/pricing.py Rates
    factor_ppm      bigint NOT NULL DEFAULT 1000000,
    effective_at    timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (model, version)
);

-- Emergency stops in force. scope 'all' has an empty target.
CREATE TABLE stop (
    scope       text NOT NULL CHECK (scope IN ('all', 'provider', 'channel', 'model')),
    target      text NOT NULL DEFAULT '',
    reason      text NOT NULL,
    abort_running boolean NOT NULL DEFAULT false,   -- --now: running jobs are ended too
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, target)
);

CREATE FUNCTION farebox_catalogue_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE catalogue SET version = version + 1;
    PERFORM pg_notify('catalogue', '');
    RETURN NULL;
END $$;

CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON provider FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON channel FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON channel_key FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON model FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON route FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON rate_card FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON stop FOR EACH STATEMENT EXECUTE FUNCTION farebox_catalogue_changed();

-- ---------------------------------------------------------------------------------------------------------------
-- Workers, holds, caps.

CREATE TABLE worker (
    id          uuid PRIMARY KEY,
    node_id     uuid NOT NULL,                      -- the data directory, and so the spool, it writes to
    started_at  timestamptz NOT NULL DEFAULT now(),
    beat_at     timestamptz NOT NULL DEFAULT now(),
    dead_at     timestamptz,                        -- known dead: exited, or silent too long
    -- Jobs settled whose last byte had not been handed to the client when the last batch committed. After a crash these
    -- are marked 'delivery unknown'.
    in_delivery uuid[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 20);

-- One row per open job; gone when the job ends. The job row then tells how.
--
-- It has neither foreign key nor check: the till writes it in the same transaction as the account's row, which it has
-- read, and each would be paid for again with every job. `farebox ledger verify` compares holds with accounts.
CREATE TABLE hold (
    account_id      uuid NOT NULL,
    job_id          uuid NOT NULL,
    key_id          uuid NOT NULL,
    worker_id       uuid NOT NULL,
    amount_nano     bigint NOT NULL,
    tokens_reserved bigint NOT NULL,
    minute          bigint NOT NULL,                -- of admission; day and month likewise (domain/limits.py)
    day             bigint NOT NULL,
    month           bigint NOT NULL,
    model           text NOT NULL,
    endpoint        text NOT NULL,
    stream          boolean NOT NULL,
    rate_card_id    bigint NOT NULL,
    factor_ppm      bigint NOT NULL,
    channel_id      uuid NOT NULL,
    idempotency_key text,
    admitted_at     timestamptz NOT NULL,
    deadline_at     timestamptz NOT NULL,
    PRIMARY KEY (account_id, job_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- What is used of a cap that all workers share. Workers take slices of it ahead (leased), use them from memory and give
-- the rest back; a slice that died with its worker counts as used until its window ends.
CREATE TABLE cap_meter (
    scope       text NOT NULL,      -- 'channel:<id>', 'provider:<name>', 'model:<name>', 'channel_jobs:<id>',
                                    -- 'provider_jobs:<name>'
    day         bigint NOT NULL,    -- 0 for caps without a window (concurrency)
    leased      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, day)
) WITH (fillfactor = 20);

-- Slices of caps without a window (concurrency) by worker, so that a dead worker's can be given back.
CREATE TABLE cap_lease (
    worker_id   uuid NOT NULL,
    scope       text NOT NULL,
    leased      bigint NOT NULL,
    PRIMARY KEY (worker_id, scope)
);

-- Spend per account, model and day; kept only for models with a cap per account.
CREATE TABLE account_model_day (
    account_id  uuid NOT NULL,
    model       text NOT NULL,
    day         bigint NOT NULL,
    used_nano   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, model, day)
) WITH (fillfactor = 50);

-- Breaker and cooldown transitions, shared by all workers (upstream/health.py).
CREATE TABLE health (
    subject     text PRIMARY KEY,   -- 'channel:<id>' or 'channel_key:<id>'
    state       text NOT NULL CHECK (state IN ('open', 'half_open', 'closed')),
    until       timestamptz,
    probe_worker uuid,              -- half-open: the one worker that may try
    changed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE idempotency (
    account_id      uuid NOT NULL,
    key             text NOT NULL,
    body_hash       bytea NOT NULL,
    job_id          uuid NOT NULL,
    voided          boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- ---------------------------------------------------------------------------------------------------------------
-- Jobs: written once, when they end.

CREATE TABLE job (
    account_id          uuid NOT NULL,
    id                  uuid NOT NULL,
    key_id              uuid NOT NULL,
    status              text NOT NULL CHECK (status IN ('settled', 'voided')),
    outcome             text NOT NULL,
    endpoint            text NOT NULL,
    model               text NOT NULL,
    stream              boolean NOT NULL,
    created_at          timestamptz NOT NULL,
    finished_at         timestamptz NOT NULL,
    first_byte_ms       integer,
    latency_ms          integer,
    input_tokens        bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    cache_write_tokens  bigint NOT NULL DEFAULT 0,
    output_tokens       bigint NOT NULL DEFAULT 0,
    reasoning_tokens    bigint NOT NULL DEFAULT 0,
    usage_extra         jsonb,                      -- the rarer classes of domain/usage.py
    usage_source        text NOT NULL DEFAULT 'none',
    rate_card_id        bigint NOT NULL,
    factor_ppm          bigint NOT NULL,
    hold_nano           bigint NOT NULL,
    charge_nano         bigint NOT NULL DEFAULT 0,
    write_off_nano      bigint NOT NULL DEFAULT 0,  -- priced but not charged: above the hold and not spendable
    balance_after_nano  bigint,
    delivery_unknown    boolean NOT NULL DEFAULT false,
    -- For the operator only: who served and what it cost.
    channel_id          uuid,
    cost_nano           bigint NOT NULL DEFAULT 0,
    provider_request_id text,
    input_hash          bytea NOT NULL,             -- of the settlement's input: the same again is a no-op, another an error
    PRIMARY KEY (account_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX job_id ON job USING brin (id uuid_minmax_multi_ops) WITH (pages_per_range = 32);
-- For `jobs list --delivery-unknown`; holds next to nothing.
CREATE INDEX job_delivery_unknown ON job (id) WHERE delivery_unknown;
CREATE TABLE job_default PARTITION OF job DEFAULT;

-- Refused calls: cheap and short-lived rows, so that Logs show them.
CREATE TABLE refusal (
    account_id  uuid NOT NULL,
    id          uuid NOT NULL,
    key_id      uuid NOT NULL,
    at          timestamptz NOT NULL,
    endpoint    text NOT NULL,
    model       text NOT NULL,
    status      integer NOT NULL,
    code        text NOT NULL,
    PRIMARY KEY (account_id, id)
) PARTITION BY RANGE (id);
CREATE TABLE refusal_default PARTITION OF refusal DEFAULT;

-- ---------------------------------------------------------------------------------------------------------------
-- Ledger: append-only, double entry. A transaction's entries sum to zero in each unit.

CREATE TABLE txn (
    account_id  uuid NOT NULL,                      -- the account it concerns; the nil UUID for the house itself
    id          uuid NOT NULL,                      -- a job's transaction has the job's id
    kind        text NOT NULL,
    posted_at   timestamptz NOT NULL,
    input_hash  bytea NOT NULL,
    memo        jsonb,                              -- references (payment, code, operator), never content
    xact        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, id)
) PARTITION BY RANGE (id);
-- The sealer walks transactions in the order of their database transaction (xid8 has no BRIN operator class).
CREATE INDEX txn_xact ON txn (xact);
CREATE TABLE txn_default PARTITION OF txn DEFAULT;

-- No foreign key to txn: invariant 1 is checked by `farebox ledger verify`, and rows of one statement's sibling CTEs
-- cannot see each other.
CREATE TABLE entry (
    account_id          uuid NOT NULL,
    txn_id              uuid NOT NULL,
    seq                 smallint NOT NULL,
    book                text NOT NULL CHECK (book IN ('customer', 'revenue', 'promo', 'adjustments', 'breakage',
                                                      'write-off', 'receivable', 'wash', 'exchange')),
    detail              text NOT NULL DEFAULT '',   -- wash: '<payment provider>:<currency>', exchange: '<currency>'
    unit                text NOT NULL,
    amount_nano         bigint NOT NULL,            -- of `unit`; positive adds to the book
    balance_after_nano  bigint,                     -- books that can run dry: customer, receivable
    version             bigint,                     -- customer: gapless by account
    PRIMARY KEY (account_id, txn_id, seq)
) PARTITION BY RANGE (txn_id);
-- No index by version: a page of an account's entries goes by txn_id, which is in the order of time, and the chain of
-- versions is checked over all of it at once. Each index here is paid for twice per job.
CREATE TABLE entry_default PARTITION OF entry DEFAULT;

-- Idempotency keys of everything that is not a job (a job's is its id), unique over all time and so not partitioned.
CREATE TABLE txn_key (
    key         text PRIMARY KEY,
    account_id  uuid NOT NULL,
    txn_id      uuid NOT NULL,
    input_hash  bytea NOT NULL
);

CREATE TABLE lot (
    account_id      uuid NOT NULL REFERENCES account (id),
    id              uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('promo', 'paid', 'grant', 'adjustment')),
    txn_id          uuid NOT NULL,
    original_nano   bigint NOT NULL CHECK (original_nano > 0),
    remaining_nano  bigint NOT NULL CHECK (remaining_nano >= 0 AND remaining_nano <= original_nano),
    expires_at      timestamptz,
    -- What was refunded or clawed back of it, from its remainder, from other lots or as a debt.
    taken_back_nano bigint NOT NULL DEFAULT 0 CHECK (taken_back_nano >= 0 AND taken_back_nano <= original_nano),
    paid_minor      bigint,                         -- what was paid for it, in the currency's minor unit
    paid_currency   text,
    reference       text NOT NULL DEFAULT '',       -- the payment, code or operator's note it came from
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
) WITH (fillfactor = 50);
-- For the duty that expires lots. The remainder stays out of it, so that spending from a lot is a heap-only update.
CREATE INDEX lot_expires ON lot (expires_at) WHERE expires_at IS NOT NULL;

-- What the account owes after a claw-back: the book receivable:{id}. No row is no debt.
CREATE TABLE receivable (
    account_id  uuid PRIMARY KEY REFERENCES account (id),
    owed_nano   bigint NOT NULL CHECK (owed_nano >= 0)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Rows as the till hands them over, in arrays (till/store.py). Times are unix microseconds.

-- `seen` is the xmin of the row that was read: a row that has changed since is not written.
CREATE TYPE till_account AS (
    id uuid, seen xid, balance_nano bigint, held_nano bigint, version bigint, last_us bigint, minute bigint,
    requests bigint, requests_before bigint, tokens bigint, tokens_before bigint, open_jobs bigint,
    day bigint, day_nano bigint, month bigint, month_nano bigint, total_nano bigint
);
CREATE TYPE till_key AS (
    id uuid, seen xid, last_us bigint, minute bigint, requests bigint, requests_before bigint, tokens bigint,
    tokens_before bigint, open_jobs bigint, day bigint, day_nano bigint, month bigint, month_nano bigint,
    total_nano bigint
);
CREATE TYPE till_hold AS (
    account_id uuid, job_id uuid, key_id uuid, amount_nano bigint, tokens_reserved bigint, minute bigint, day bigint,
    month bigint, model text, endpoint text, stream boolean, rate_card_id bigint, factor_ppm bigint, channel_id uuid,
    idempotency_key text, admitted_us bigint, deadline_us bigint
);
CREATE TYPE till_lot AS (account_id uuid, id uuid, remaining_nano bigint);
CREATE TYPE till_job AS (
    account_id uuid, id uuid, key_id uuid, status text, outcome text, endpoint text, model text, stream boolean,
    created_us bigint, finished_us bigint, first_byte_ms integer, latency_ms integer, input_tokens bigint,
    cached_input_tokens bigint, cache_write_tokens bigint, output_tokens bigint, reasoning_tokens bigint,
    usage_extra text, usage_source text, rate_card_id bigint, factor_ppm bigint, hold_nano bigint, charge_nano bigint,
    write_off_nano bigint, balance_after_nano bigint, channel_id uuid, cost_nano bigint, provider_request_id text,
    input_hash bytea
);
CREATE TYPE till_txn AS (account_id uuid, id uuid, kind text, input_hash bytea);
CREATE TYPE till_entry AS (
    account_id uuid, txn_id uuid, seq smallint, book text, detail text, amount_nano bigint, balance_after_nano bigint,
    version bigint
);

-- Sealed blocks: each hash covers the one before and all transactions and entries of [from_xact, to_xact).
CREATE TABLE block (
    height      bigint PRIMARY KEY,
    from_xact   xid8 NOT NULL,
    to_xact     xid8 NOT NULL,
    txns        bigint NOT NULL,
    entries     bigint NOT NULL,
    hash        bytea NOT NULL,
    sealed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION farebox_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: write a correcting transaction instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON txn FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON block FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rate_card FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON txn FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON block FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();

-- ---------------------------------------------------------------------------------------------------------------
-- The operator's own people and facts of the deployment.

CREATE TABLE operator (
    id              uuid PRIMARY KEY,
    email           text NOT NULL,
    password_hash   text NOT NULL,                  -- argon2id
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX operator_email ON operator (lower(email));

CREATE TABLE deployment (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    unit        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
