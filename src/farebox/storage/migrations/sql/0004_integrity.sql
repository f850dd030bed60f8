-- A ledger that notices a restored or rewritten database.

-- ---------------------------------------------------------------------------------------------------------------
-- Eras. A dump restored into another cluster brings its rows along, and not the counter of transactions that orders
-- them: there it begins anew. So what is posted in one cluster is one era, and the chain goes era by era.

CREATE TABLE ledger_era (
    number              smallint PRIMARY KEY,
    system_identifier   bigint NOT NULL,            -- of the cluster, given to it as it was made
    begun_at            timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO ledger_era (number, system_identifier) SELECT 1, system_identifier FROM pg_control_system();

-- A constant default costs a posting nothing; a new era is a new default.
ALTER TABLE txn ADD COLUMN era smallint NOT NULL DEFAULT 1;

-- The era that postings belong to from now on; begins a new one in a cluster where this database has not been before.
-- It has to be asked before anything is posted there, so every start and every command does.
CREATE FUNCTION farebox_ledger_era() RETURNS smallint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    last public.ledger_era;
BEGIN
    SELECT * INTO last FROM public.ledger_era ORDER BY number DESC LIMIT 1;
    IF last.system_identifier = here THEN
        RETURN last.number;
    END IF;
    LOCK TABLE public.ledger_era IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO last FROM public.ledger_era ORDER BY number DESC LIMIT 1;
    IF last.system_identifier IS DISTINCT FROM here THEN
        last.number := coalesce(last.number, 0) + 1;
        EXECUTE format('ALTER TABLE public.txn ALTER COLUMN era SET DEFAULT %s', last.number);
        INSERT INTO public.ledger_era (number, system_identifier) VALUES (last.number, here);
    END IF;
    RETURN last.number;
END $$;
REVOKE ALL ON FUNCTION farebox_ledger_era() FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------------------------
-- Blocks now cover the rows of charged jobs too. Those sealed before cover less, so that the chain begins again.

ALTER TABLE block DISABLE TRIGGER append_only;
DELETE FROM block;
ALTER TABLE block ENABLE TRIGGER append_only;
ALTER TABLE block ADD COLUMN era smallint NOT NULL;

-- What a job was charged for stays as it was settled; only whether it was delivered is found out later.
CREATE TRIGGER settled_stays BEFORE UPDATE ON job FOR EACH ROW
    WHEN (OLD.status = 'settled' AND (
        NEW.account_id, NEW.id, NEW.key_id, NEW.status, NEW.outcome, NEW.endpoint, NEW.model, NEW.created_at,
        NEW.finished_at, NEW.input_tokens, NEW.cached_input_tokens, NEW.cache_write_tokens, NEW.output_tokens,
        NEW.reasoning_tokens, NEW.usage_extra, NEW.usage_source, NEW.rate_card_id, NEW.factor_ppm, NEW.hold_nano,
        NEW.charge_nano, NEW.write_off_nano, NEW.balance_after_nano, NEW.cost_nano, NEW.input_hash
    ) IS DISTINCT FROM (
        OLD.account_id, OLD.id, OLD.key_id, OLD.status, OLD.outcome, OLD.endpoint, OLD.model, OLD.created_at,
        OLD.finished_at, OLD.input_tokens, OLD.cached_input_tokens, OLD.cache_write_tokens, OLD.output_tokens,
        OLD.reasoning_tokens, OLD.usage_extra, OLD.usage_source, OLD.rate_card_id, OLD.factor_ppm, OLD.hold_nano,
        OLD.charge_nano, OLD.write_off_nano, OLD.balance_after_nano, OLD.cost_nano, OLD.input_hash
    ))
    EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_delete BEFORE DELETE ON job FOR EACH ROW EXECUTE FUNCTION farebox_append_only();

-- For `jobs list --write-offs`; holds next to nothing.
CREATE INDEX job_write_off ON job (id) WHERE write_off_nano > 0;

-- ---------------------------------------------------------------------------------------------------------------
-- Sealed once with the deployment's secret key: whoever comes with another key cannot open it.

CREATE TABLE secret_canary (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    sealed  bytea NOT NULL
);
