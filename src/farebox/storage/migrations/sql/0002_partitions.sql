-- The partitions of a day: job, refusal, txn, entry are split by the UTC day inside their UUIDv7.
--
-- farebox_app owns nothing, so it makes and drops partitions through these functions, which run as the schema's owner.
-- New partitions grant it nothing: rows are reached through the parents alone.

-- The smallest UUID of a day: 48 bits of unix milliseconds, then zeros (kit/ids.py first_id_at).
CREATE FUNCTION farebox_first_id(day date) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    RETURN (lpad(to_hex((extract(epoch FROM day::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Makes the partitions of `days` days from `from_day` on. Outcomes: 'created', 'exists', or 'skipped' when the default
-- partition already holds rows of that day (they stay there, found and counted like any others).
--
-- A partition is made apart and then attached, because ATTACH lets the till go on writing to the parent, while CREATE
-- TABLE ... PARTITION OF would wait for every running transaction and make all new ones wait behind it.
--
-- ATTACH still wants the default partition to itself, and all who read the parent wait behind it while it waits for one
-- of them: so it waits for a moment only, and the caller tries again (storage/partitions.py). Dropping does likewise.
CREATE FUNCTION farebox_ensure_partitions(from_day date, days integer)
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
    FOREACH parent IN ARRAY ARRAY['job', 'refusal', 'txn', 'entry'] LOOP
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

-- Drops the partitions of days before `before_day`, and says which. Only days that are over can go; of the ledger, only
-- the schema's owner may drop any.
CREATE FUNCTION farebox_drop_partitions(before_day date, table_name text) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    partition_name text;
BEGIN
    IF table_name NOT IN ('job', 'refusal', 'txn', 'entry') OR table_name IS NULL THEN
        RAISE EXCEPTION 'this table has no partitions by day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF before_day >= (now() AT TIME ZONE 'UTC')::date OR before_day IS NULL THEN
        RAISE EXCEPTION 'only days that are over can be dropped' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF table_name IN ('txn', 'entry') AND NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
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

REVOKE ALL ON FUNCTION farebox_ensure_partitions(date, integer), farebox_drop_partitions(date, text) FROM PUBLIC;
