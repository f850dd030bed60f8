-- The ground of the control plane: people and their sessions, operators, the audit trail, review cases, the outbox of
-- mail, stored answers of repeated requests, and short-lived traces.

-- ---------------------------------------------------------------------------------------------------------------
-- People. A person signs in; a member is a person in an account; an operator is a person with scopes.

CREATE TABLE person (
    id                  uuid PRIMARY KEY,
    email               text NOT NULL,              -- '' once erased
    email_verified_at   timestamptz,
    display_name        text NOT NULL DEFAULT '',
    password_hash       text,                       -- argon2id; null: signs in by other means
    language            text NOT NULL DEFAULT 'en', -- BCP 47: en, zh-CN, zh-TW, ja
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'erased')),
    created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX person_email ON person (lower(email)) WHERE status <> 'erased';

CREATE TABLE member (
    account_id  uuid NOT NULL REFERENCES account (id),
    person_id   uuid NOT NULL REFERENCES person (id),
    role        text NOT NULL CHECK (role IN ('owner', 'developer', 'billing')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, person_id)
);
CREATE INDEX member_person ON member (person_id);

CREATE TABLE operator_grant (
    person_id   uuid PRIMARY KEY REFERENCES person (id),
    scopes      text[] NOT NULL,                    -- identity/scopes.py; '*' is all
    created_at  timestamptz NOT NULL DEFAULT now(),
    revoked_at  timestamptz
);

INSERT INTO person (id, email, email_verified_at, password_hash, created_at)
SELECT id, email, created_at, password_hash, created_at FROM operator;
INSERT INTO operator_grant (person_id, scopes, created_at) SELECT id, '{*}', created_at FROM operator;
DROP TABLE operator;

CREATE TABLE session (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    hash        bytea NOT NULL UNIQUE,              -- SHA-256 of the cookie's secret
    account_id  uuid REFERENCES account (id),       -- the account that is looked at
    created_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    proved_at   timestamptz,                        -- when a second factor was last shown
    revoked_at  timestamptz
) WITH (fillfactor = 70);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE admin_token (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    prefix      text NOT NULL,
    hash        bytea NOT NULL UNIQUE,
    scopes      text[] NOT NULL,
    created_by  uuid REFERENCES person (id),        -- null: made on the command line
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

-- ---------------------------------------------------------------------------------------------------------------
-- Audit: what people and duties changed. Rows are written in the transaction of the change; a duty chains them.

CREATE TABLE audit (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind  text NOT NULL CHECK (actor_kind IN ('operator', 'member', 'token', 'command', 'system')),
    actor_id    uuid,
    actor_name  text NOT NULL DEFAULT '',           -- never an address: a name of a token, a duty
    account_id  uuid,
    action      text NOT NULL,                      -- 'account.freeze'
    target      text NOT NULL DEFAULT '',
    before      jsonb,
    after       jsonb,
    reason      text NOT NULL DEFAULT ''
);
CREATE INDEX audit_account ON audit (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_action ON audit (action, id);

-- Each hash covers the one before and the row; `seq` is gapless in the order of sealing.
CREATE TABLE audit_seal (
    seq         bigint PRIMARY KEY,
    audit_id    uuid NOT NULL UNIQUE,
    hash        bytea NOT NULL,
    sealed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();

-- ---------------------------------------------------------------------------------------------------------------
-- Cases: what an operator has to look at. One open case per kind and subject.

CREATE TABLE review_case (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,                      -- cases/case.py
    subject     text NOT NULL,
    account_id  uuid REFERENCES account (id),
    facts       jsonb NOT NULL DEFAULT '{}',
    status      text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    opened_at   timestamptz NOT NULL DEFAULT now(),
    due_at      timestamptz,
    closed_at   timestamptz,
    closed_by   uuid,
    decision    text NOT NULL DEFAULT '',
    note        text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX review_case_open ON review_case (kind, subject) WHERE status = 'open';
CREATE INDEX review_case_account ON review_case (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX review_case_queue ON review_case (status, id);

-- ---------------------------------------------------------------------------------------------------------------
-- The outbox of mail: written with the change that it tells of, sent by a duty.

CREATE TABLE mail (
    id          uuid PRIMARY KEY,
    dedupe_key  text NOT NULL UNIQUE,               -- the same notice is never queued twice
    kind        text NOT NULL,                      -- names the template
    person_id   uuid REFERENCES person (id),
    address     text NOT NULL,                      -- '' once sent: the person has it
    language    text NOT NULL DEFAULT 'en',
    facts       jsonb NOT NULL DEFAULT '{}',        -- what the template says; '{}' once sent where it held secrets
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')),
    attempts    integer NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL DEFAULT now(),
    created_at  timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz,
    error       text NOT NULL DEFAULT ''
) WITH (fillfactor = 70);
CREATE INDEX mail_next ON mail (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_person ON mail (person_id, id);

-- ---------------------------------------------------------------------------------------------------------------
-- Answers of requests that carried an Idempotency-Key: the same key again gets the stored one.

CREATE TABLE stored_answer (
    owner       text NOT NULL,                      -- who asked: 'person:<id>' or 'token:<id>'
    key         text NOT NULL,
    input_hash  bytea NOT NULL,
    status      integer,                            -- null while the first request runs
    body        jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, key)
);
CREATE INDEX stored_answer_created ON stored_answer (created_at);

-- ---------------------------------------------------------------------------------------------------------------
-- Traces: addresses, agents, devices. They leave by partition after at most 30 days, and nothing else holds them.

CREATE TABLE trace (
    id          uuid NOT NULL,
    account_id  uuid,
    person_id   uuid,
    key_id      uuid,
    kind        text NOT NULL,                      -- 'call', 'sign_up', 'sign_in', 'recharge', ...
    address     inet,
    country     text NOT NULL DEFAULT '',
    agent       text NOT NULL DEFAULT '',
    device      text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE trace_default PARTITION OF trace DEFAULT;
CREATE INDEX trace_account ON trace (account_id, id);
CREATE INDEX trace_address ON trace (address, id);
CREATE INDEX trace_key ON trace (key_id, id) WHERE key_id IS NOT NULL;

-- Which tables are split by day; a later step adds its own.
CREATE TABLE partitioned_table (
    name        text PRIMARY KEY,
    is_ledger   boolean NOT NULL DEFAULT false
);
INSERT INTO partitioned_table (name, is_ledger)
VALUES ('job', false), ('refusal', false), ('txn', true), ('entry', true), ('trace', false);

-- As in 0002, with the tables taken from partitioned_table.
CREATE OR REPLACE FUNCTION farebox_ensure_partitions(from_day date, days integer)
    RETURNS TABLE (partition_name text, outcome text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    parent text;
    day date;
BEGIN
    IF days NOT BETWEEN 1 AND 60 THEN
        RAISE EXCEPTION 'between 1 and 60 days can be prepared at once' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- One at a time; whoever comes second finds everything there.
    PERFORM pg_advisory_xact_lock(hashtextextended('farebox_partitions', 0));
    FOR parent IN SELECT name FROM public.partitioned_table ORDER BY name LOOP
        FOR day IN SELECT from_day + n FROM generate_series(0, days - 1) AS n LOOP
            partition_name := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
            outcome := 'exists';
            IF to_regclass('public.' || partition_name) IS NULL THEN
                BEGIN
                    EXECUTE format(
                        'CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
                        ' INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING GENERATED)', partition_name, parent);
                    EXECUTE format(
                        'ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                        parent, partition_name, public.farebox_first_id(day), public.farebox_first_id(day + 1));
                    outcome := 'created';
                EXCEPTION WHEN check_violation THEN
                    outcome := 'skipped';
                END;
            END IF;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;


CREATE OR REPLACE FUNCTION farebox_drop_partitions(before_day date, table_name text) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    partition_name text;
BEGIN
    IF NOT EXISTS (SELECT FROM public.partitioned_table WHERE name = table_name) THEN
        RAISE EXCEPTION 'this table has no partitions by day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF before_day >= (now() AT TIME ZONE 'UTC')::date OR before_day IS NULL THEN
        RAISE EXCEPTION 'only days that are over can be dropped' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM public.partitioned_table WHERE name = table_name AND is_ledger) AND NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('farebox_partitions', 0));
    FOR partition_name IN
        SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = to_regclass('public.' || table_name) AND child.relname ~ '_[0-9]{8}$'
          AND to_date(right(child.relname, 8), 'YYYYMMDD') < before_day
        ORDER BY child.relname
    LOOP
        EXECUTE format('DROP TABLE public.%I', partition_name);
        RETURN NEXT partition_name;
    END LOOP;
END $$;
