-- Latency, hedges and probes of channels.

-- The second provider call of a hedged job: the one that did not serve. The one that did is job.channel_id with
-- job.cost_nano; the customer is charged for the job alone. For the operator only, like those two.
CREATE TABLE job_hedge (
    account_id  uuid NOT NULL,
    job_id      uuid NOT NULL,
    channel_id  uuid NOT NULL,
    -- overtaken: broken off because the other call answered, and its cost estimated as if it had produced the same;
    -- failed: it ended by a fault; unsent: it was overtaken before a byte had left
    result      text NOT NULL CHECK (result IN ('overtaken', 'failed', 'unsent')),
    cost_nano   bigint NOT NULL,
    PRIMARY KEY (account_id, job_id)
);

-- How provider calls went, by the hour: what the status page and reports are made of. Workers add to it in batches.
CREATE TABLE traffic_hour (
    hour                timestamptz NOT NULL,
    model               text NOT NULL,              -- the public name
    channel_id          uuid NOT NULL,
    stream              boolean NOT NULL,
    answered            bigint NOT NULL DEFAULT 0,
    refused             bigint NOT NULL DEFAULT 0,  -- the provider refused the request itself: no fault of anybody here
    connect_faults      bigint NOT NULL DEFAULT 0,
    timeout_faults      bigint NOT NULL DEFAULT 0,
    status_faults       bigint NOT NULL DEFAULT 0,
    rate_limited_faults bigint NOT NULL DEFAULT 0,
    auth_faults         bigint NOT NULL DEFAULT 0,
    protocol_faults     bigint NOT NULL DEFAULT 0,
    route_faults        bigint NOT NULL DEFAULT 0,  -- no such model, or no access to it
    first_byte_ms       bigint NOT NULL DEFAULT 0,  -- sum over what was answered
    first_byte_counts   bigint[] NOT NULL,          -- answers by bucket: upstream/latency.py BOUNDS_MS, and one above
    updated_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (hour, model, channel_id, stream)
) WITH (fillfactor = 50);

-- What a worker adds to traffic_hour, in arrays (upstream/traffic_store.py).
CREATE TYPE traffic_row AS (
    model text, channel_id uuid, stream boolean, answered bigint, refused bigint, connect_faults bigint,
    timeout_faults bigint, status_faults bigint, rate_limited_faults bigint, auth_faults bigint, protocol_faults bigint,
    route_faults bigint, first_byte_ms bigint, first_byte_counts bigint[]
);

-- How fast each channel answers for a model just now, agreed on by all workers.
CREATE TABLE pace (
    model       text NOT NULL,
    channel_id  uuid NOT NULL,
    stream      boolean NOT NULL,
    average_ms  double precision NOT NULL,
    level       smallint NOT NULL,                  -- the average's power of two, with hysteresis
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (model, channel_id, stream)
) WITH (fillfactor = 50);

COMMENT ON COLUMN health.subject IS '''channel:<id>'', ''channel_key:<id>'' or ''route:<id>''';
