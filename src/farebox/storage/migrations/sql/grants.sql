-- The rights of farebox_app, which owns nothing. Idempotent; run after every migration.
GRANT USAGE ON SCHEMA public TO farebox_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO farebox_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO farebox_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO farebox_app;
-- What was written stays written.
REVOKE UPDATE, DELETE, TRUNCATE ON txn, entry, block, rate_card, txn_key, deployment FROM farebox_app;
REVOKE DELETE, TRUNCATE ON account, api_key, job, lot, receivable FROM farebox_app;
-- Changed by functions and triggers that run as the schema's owner.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON catalogue, ledger_era FROM farebox_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version, partitioned_table FROM farebox_app;
REVOKE UPDATE, DELETE, TRUNCATE ON audit, audit_seal, account_statement, site_text FROM farebox_app;
-- Partitions are reached through their parents only, so that no right on a parent can be had by naming its partition.
DO $$
DECLARE partition regclass;
BEGIN
    FOR partition IN SELECT inhrelid::regclass FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r' LOOP
        EXECUTE format('REVOKE ALL ON %s FROM farebox_app', partition);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
