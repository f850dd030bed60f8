-- Redemption codes, automatic recharges, monthly statements.

-- ---------------------------------------------------------------------------------------------------------------
-- Codes are made in batches, shown once and kept as hashes: who reads the database cannot redeem one.

CREATE TABLE code_batch (
    id                  uuid PRIMARY KEY,
    kind                text NOT NULL CHECK (kind IN ('promo', 'sold')),
    amount_nano         bigint NOT NULL CHECK (amount_nano > 0),    -- of one code
    price_minor         bigint CHECK (price_minor > 0),             -- for which one code was sold elsewhere
    currency            text,
    codes               integer NOT NULL CHECK (codes > 0),
    most_per_account    integer CHECK (most_per_account > 0),       -- null: no limit
    redeem_until        timestamptz,
    credit_days         integer NOT NULL DEFAULT 0,                 -- 0: the credit does not expire
    note                text NOT NULL DEFAULT '',
    made_by             text NOT NULL,
    request_key         text UNIQUE,                                -- of the request that made it
    created_at          timestamptz NOT NULL DEFAULT now(),
    voided_at           timestamptz,
    CHECK ((kind = 'sold') = (price_minor IS NOT NULL)),
    CHECK ((price_minor IS NULL) = (currency IS NULL))
);

CREATE TABLE code (
    id          uuid PRIMARY KEY,
    batch_id    uuid NOT NULL REFERENCES code_batch (id),
    hash        bytea NOT NULL UNIQUE,      -- SHA-256
    hint        text NOT NULL,              -- the first characters, by which people tell codes apart
    redeemed_by uuid REFERENCES account (id),
    redeemed_at timestamptz,
    voided_at   timestamptz,
    CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL)),
    CHECK (redeemed_by IS NULL OR voided_at IS NULL)
);
CREATE INDEX code_of_batch ON code (batch_id, id);
CREATE INDEX code_redeemed ON code (redeemed_by, redeemed_at) WHERE redeemed_by IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------
-- Automatic recharges: what a member has agreed to, and every attempt to charge the kept method.

CREATE TABLE auto_recharge (
    account_id          uuid PRIMARY KEY REFERENCES account (id),
    is_on               boolean NOT NULL,
    threshold_nano      bigint NOT NULL CHECK (threshold_nano > 0),
    credit_nano         bigint NOT NULL CHECK (credit_nano >= threshold_nano),
    monthly_nano        bigint NOT NULL CHECK (monthly_nano >= credit_nano),    -- at most, per calendar month (UTC)
    payment_id          uuid NOT NULL REFERENCES payment (id),  -- whose method was kept
    agreed_by           uuid REFERENCES person (id),
    agreed_at           timestamptz NOT NULL,
    failures            integer NOT NULL DEFAULT 0,             -- one after the other
    next_at             timestamptz NOT NULL DEFAULT now(),     -- not before
    off_reason          text NOT NULL DEFAULT ''                -- why it was switched off by us
) WITH (fillfactor = 70);
CREATE INDEX auto_recharge_on ON auto_recharge (next_at) WHERE is_on;

-- The method is repeated here, because a provider takes the same attempt again only with the same input.
CREATE TABLE auto_recharge_attempt (
    recharge_id     uuid PRIMARY KEY REFERENCES recharge (id),
    account_id      uuid NOT NULL REFERENCES account (id),
    customer_ref    text NOT NULL,
    method_ref      text NOT NULL,
    outcome         text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'credited', 'failed', 'unknown')),
    created_at      timestamptz NOT NULL DEFAULT now()
);
-- One at a time.
CREATE UNIQUE INDEX auto_recharge_open ON auto_recharge_attempt (account_id) WHERE outcome = '';
CREATE INDEX auto_recharge_account ON auto_recharge_attempt (account_id, created_at);

-- ---------------------------------------------------------------------------------------------------------------
-- Statements: one per account and calendar month (UTC) in which there was something to state, numbered without gaps.

CREATE TABLE account_statement (
    id          uuid PRIMARY KEY,
    number      bigint NOT NULL UNIQUE,
    account_id  uuid NOT NULL REFERENCES account (id),
    month       date NOT NULL CHECK (extract(day FROM month) = 1),
    content     jsonb NOT NULL,             -- payments/statements/content.py
    made_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, month)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON account_statement
    FOR EACH ROW EXECUTE FUNCTION farebox_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON account_statement
    FOR EACH STATEMENT EXECUTE FUNCTION farebox_append_only();

-- The last number. Its row is locked while a statement is made, so that a number whose statement fails is not lost.
CREATE TABLE statement_number (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    last    bigint NOT NULL DEFAULT 0
);
INSERT INTO statement_number DEFAULT VALUES;

-- How far an account's statements are: to before this month, and up to which entry of its chain.
CREATE TABLE statement_mark (
    account_id      uuid PRIMARY KEY REFERENCES account (id),
    until_month     date NOT NULL,
    version         bigint NOT NULL,
    balance_nano    bigint NOT NULL
) WITH (fillfactor = 70);

-- An account's balance as a chain of entries, by version, each with what its transaction was.
CREATE VIEW account_chain AS
SELECT entry.account_id, entry.txn_id, txn.kind, txn.posted_at, txn.memo->>'reference' AS reference, entry.version,
       entry.amount_nano, entry.balance_after_nano
FROM entry JOIN txn ON txn.account_id = entry.account_id AND txn.id = entry.txn_id
WHERE entry.book = 'customer';
