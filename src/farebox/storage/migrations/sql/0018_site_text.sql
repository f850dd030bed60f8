-- What the operator publishes beside the terms. A version is in force until the next of its kind, and none is ever changed:
-- what the refund rules said on a day is what the newest version before it says.

CREATE TABLE site_text (
    kind            text NOT NULL CHECK (kind IN ('privacy', 'refund_rules', 'imprint')),
    version         integer NOT NULL CHECK (version > 0),
    texts           jsonb NOT NULL CHECK (texts ? 'en'),    -- {"title": …, "body": …} by language
    published_at    timestamptz NOT NULL,
    PRIMARY KEY (kind, version)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON site_text FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON site_text FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();
