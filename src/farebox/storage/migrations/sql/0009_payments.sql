-- Recharges, payments, their events, refunds and disputes.
--
-- What a provider says is merged into payment, payment_refund and dispute so that the order and the number of its
-- events do not matter (payments/merging.py). What of it has reached the ledger stands in the columns named posted_*,
-- which change in the transaction of the posting (payments/settling.py).

-- ---------------------------------------------------------------------------------------------------------------
-- A recharge is what a customer asked for. Its state is computed from the columns below and from its payments.

CREATE TABLE recharge (
    id                  uuid PRIMARY KEY,
    account_id          uuid NOT NULL REFERENCES account (id),
    method              text NOT NULL CHECK (method IN ('stripe', 'creem', 'manual')),
    state               text NOT NULL CHECK (state IN ('pending', 'checkout', 'review', 'credited', 'declined',
                                                       'expired', 'failed', 'cancelled')),
    needs_review        boolean NOT NULL,
    mode                text NOT NULL CHECK (mode IN ('live', 'test')),
    credit_nano         bigint NOT NULL CHECK (credit_nano > 0),
    bonus_nano          bigint NOT NULL DEFAULT 0 CHECK (bonus_nano >= 0),
    credit_days         integer NOT NULL DEFAULT 0, -- 0: paid credit does not expire
    price_minor         bigint NOT NULL CHECK (price_minor > 0),
    currency            text NOT NULL,
    package             text NOT NULL DEFAULT '',
    product             text NOT NULL DEFAULT '',   -- the provider's
    requested_by        uuid REFERENCES person (id),
    idempotency_key     text NOT NULL,
    input_hash          bytea NOT NULL,
    keep_method         boolean NOT NULL DEFAULT false,
    checkout_ref        text NOT NULL DEFAULT '',
    checkout_url        text NOT NULL DEFAULT '',
    checkout_expires_at timestamptz,
    evidence            text NOT NULL DEFAULT '',   -- of a manual transfer: the bank's reference
    note                text NOT NULL DEFAULT '',
    decision            text NOT NULL DEFAULT '' CHECK (decision IN ('', 'approved', 'declined')),
    reviewed_by         uuid,
    reviewed_at         timestamptz,
    review_note         text NOT NULL DEFAULT '',
    cancelled_at        timestamptz,
    expired_at          timestamptz,
    looked_up_at        timestamptz,                -- when the provider was last asked about the checkout
    created_at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, idempotency_key)
);
CREATE UNIQUE INDEX recharge_evidence ON recharge (lower(evidence))
    WHERE evidence <> '' AND decision <> 'declined' AND cancelled_at IS NULL;
CREATE UNIQUE INDEX recharge_checkout ON recharge (method, checkout_ref) WHERE checkout_ref <> '';
CREATE INDEX recharge_account ON recharge (account_id, id);
CREATE INDEX recharge_open ON recharge (state, id) WHERE state IN ('pending', 'checkout', 'review');

-- ---------------------------------------------------------------------------------------------------------------
-- Payments as providers tell of them. 'manual' is a transfer that a reviewer has seen arrive.

CREATE TABLE payment (
    id                  uuid PRIMARY KEY,
    provider            text NOT NULL CHECK (provider IN ('stripe', 'creem', 'manual')),
    ref                 text NOT NULL,
    mode                text NOT NULL CHECK (mode IN ('live', 'test')),
    state               text NOT NULL CHECK (state IN ('unknown', 'pending', 'failed', 'paid')),
    recharge_id         uuid REFERENCES recharge (id),
    account_id          uuid REFERENCES account (id),
    checkout_ref        text NOT NULL DEFAULT '',
    price_minor         bigint NOT NULL DEFAULT 0 CHECK (price_minor >= 0),
    gross_minor         bigint NOT NULL DEFAULT 0 CHECK (gross_minor >= 0),
    tax_minor           bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
    currency            text NOT NULL DEFAULT '',
    product             text NOT NULL DEFAULT '',
    country             text NOT NULL DEFAULT '',
    fingerprint         text NOT NULL DEFAULT '',
    failure             text NOT NULL DEFAULT '',
    invoice_url         text NOT NULL DEFAULT '',
    customer_ref        text NOT NULL DEFAULT '',   -- of a method that the customer let us keep
    method_ref          text NOT NULL DEFAULT '',
    refunded_minor      bigint NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0), -- the provider's sum
    refunded_at         timestamptz,                -- as of when; null: it has told none
    paid_at             timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    problem             text NOT NULL DEFAULT '',   -- why it is paid and not credited (payments/standing.py)
    accepted_nano       bigint CHECK (accepted_nano > 0), -- an operator decided to credit so much for it
    posted_credit_nano  bigint NOT NULL DEFAULT 0,
    posted_bonus_nano   bigint NOT NULL DEFAULT 0,
    posted_taken_nano   bigint NOT NULL DEFAULT 0 CHECK (posted_taken_nano BETWEEN 0 AND posted_credit_nano),
    posted_taken_minor  bigint NOT NULL DEFAULT 0,  -- of the price
    bonus_taken_nano    bigint NOT NULL DEFAULT 0 CHECK (bonus_taken_nano BETWEEN 0 AND posted_bonus_nano),
    steps               integer NOT NULL DEFAULT 0, -- numbers what is posted after the credit
    is_country_judged   boolean NOT NULL DEFAULT false,
    case_id             uuid REFERENCES review_case (id),
    UNIQUE (provider, ref)
);
CREATE INDEX payment_recharge ON payment (recharge_id) WHERE recharge_id IS NOT NULL;
CREATE INDEX payment_account ON payment (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX payment_problem ON payment (id) WHERE problem <> '';
CREATE INDEX payment_fingerprint ON payment (fingerprint) WHERE fingerprint <> '';

-- Stored and committed before anything is made of it. The raw body leaves with the other short-lived metadata.
CREATE TABLE payment_event (
    id          uuid PRIMARY KEY,
    provider    text NOT NULL,
    event_id    text NOT NULL,
    kind        text NOT NULL,
    raw         bytea,
    received_at timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 0,
    tried_at    timestamptz,
    applied_at  timestamptz,
    outcome     text NOT NULL DEFAULT '',           -- 'applied', 'ignored', 'unreadable', 'refused'
    error       text NOT NULL DEFAULT '',
    UNIQUE (provider, event_id)
);
CREATE INDEX payment_event_waiting ON payment_event (received_at) WHERE applied_at IS NULL;
CREATE INDEX payment_event_raw ON payment_event (received_at) WHERE raw IS NOT NULL;

-- asked: ours, reserved from the balance, and the provider is to be told. manual: ours, somebody does it over there.
CREATE TABLE payment_refund (
    id          uuid PRIMARY KEY,
    payment_id  uuid NOT NULL REFERENCES payment (id),
    provider    text NOT NULL,
    ref         text NOT NULL DEFAULT '',
    state       text NOT NULL CHECK (state IN ('asked', 'manual', 'pending', 'succeeded', 'failed')),
    gross_minor bigint NOT NULL CHECK (gross_minor > 0),
    begun_at    timestamptz,                        -- at the provider, as far as it is known
    failed_at   timestamptz,
    is_ours     boolean NOT NULL DEFAULT false,
    is_whole    boolean NOT NULL DEFAULT false,     -- all that was left of the payment
    asked_by    text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    error       text NOT NULL DEFAULT '',
    tried_at    timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX payment_refund_ref ON payment_refund (provider, ref) WHERE ref <> '';
CREATE INDEX payment_refund_payment ON payment_refund (payment_id);
CREATE INDEX payment_refund_asked ON payment_refund (created_at) WHERE state = 'asked';

CREATE TABLE dispute (
    id          uuid PRIMARY KEY,
    payment_id  uuid NOT NULL REFERENCES payment (id),
    provider    text NOT NULL,
    ref         text NOT NULL,
    state       text NOT NULL CHECK (state IN ('inquiry', 'inquiry_closed', 'open', 'won', 'lost')),
    gross_minor bigint NOT NULL CHECK (gross_minor >= 0),
    reason      text NOT NULL DEFAULT '',
    due_at      timestamptz,
    has_frozen  boolean NOT NULL DEFAULT false,     -- whether the account was frozen over it
    case_id     uuid REFERENCES review_case (id),
    decision    text NOT NULL DEFAULT '' CHECK (decision IN ('', 'won', 'lost')),
    decided_by  uuid,
    decided_at  timestamptz,
    note        text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider, ref)
);
CREATE INDEX dispute_payment ON dispute (payment_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Ledger: from where a claw-back took, so that what is given back returns to where it was. Without a lot: the debt.

CREATE TABLE lot_taking (
    account_id      uuid NOT NULL REFERENCES account (id),
    txn_id          uuid NOT NULL,
    seq             smallint NOT NULL,
    reference       text NOT NULL,
    lot_id          uuid,
    taken_nano      bigint NOT NULL CHECK (taken_nano > 0),
    restored_nano   bigint NOT NULL DEFAULT 0 CHECK (restored_nano BETWEEN 0 AND taken_nano),
    PRIMARY KEY (account_id, txn_id, seq)
);
-- For the daily comparison with what payments have posted; charges of jobs are not in it.
CREATE INDEX entry_wash ON entry (detail) WHERE book = 'wash';
CREATE INDEX lot_taking_reference ON lot_taking (account_id, reference);
