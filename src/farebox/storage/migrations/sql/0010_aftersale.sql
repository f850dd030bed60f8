-- Requests after the sale: support, adjustments, refunds, closing, withdrawal, wind-down. What moves money is locked
-- after its account (storage/account_lock.py), and is decided once.

-- ---------------------------------------------------------------------------------------------------------------
-- Support. Who wrote by mail may have no account; an operator filed it then.

CREATE TABLE support_request (
    id                  uuid PRIMARY KEY,
    account_id          uuid REFERENCES account (id),
    person_id           uuid REFERENCES person (id),    -- who asked in the console; null: wrote by mail
    filed_by            uuid,                           -- the operator who filed it from a mail
    email               text NOT NULL,                  -- where replies go; '' once erased
    language            text NOT NULL DEFAULT 'en',
    subject             text NOT NULL,
    payment_method      text NOT NULL DEFAULT '',
    payment_reference   text NOT NULL DEFAULT '',
    job_id              uuid,
    amount              text NOT NULL DEFAULT '',       -- as the customer put it, in whatever currency
    state               text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'closed')),
    created_at          timestamptz NOT NULL DEFAULT now(),
    due_at              timestamptz NOT NULL,           -- of the next answer
    closed_at           timestamptz
);
CREATE INDEX support_request_account ON support_request (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX support_request_queue ON support_request (state, id);

CREATE TABLE support_message (
    id          uuid PRIMARY KEY,
    request_id  uuid NOT NULL REFERENCES support_request (id),
    author      text NOT NULL CHECK (author IN ('customer', 'operator')),
    person_id   uuid REFERENCES person (id),
    words       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX support_message_request ON support_message (request_id, id);

-- Replies that operators use again.
CREATE TABLE support_template (
    name        text NOT NULL,
    language    text NOT NULL,
    words       text NOT NULL,
    PRIMARY KEY (name, language)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Charges that a customer calls wrong.

CREATE TABLE adjustment_request (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account (id),
    job_id          uuid NOT NULL,
    requested_by    uuid REFERENCES person (id),        -- null: wrote by mail
    filed_by        uuid,
    asked_nano      bigint CHECK (asked_nano > 0),      -- null: all of the charge
    description     text NOT NULL,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
    approved_nano   bigint CHECK (approved_nano > 0),
    decided_by      uuid,
    decided_at      timestamptz,
    note            text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL,
    CHECK ((state = 'approved') = (approved_nano IS NOT NULL))
);
CREATE UNIQUE INDEX adjustment_request_job ON adjustment_request (account_id, job_id) WHERE state = 'open';
CREATE INDEX adjustment_request_account ON adjustment_request (account_id, id);
CREATE INDEX adjustment_request_queue ON adjustment_request (state, id);

-- ---------------------------------------------------------------------------------------------------------------
-- Refunds that customers ask for. The money itself goes by payment_refund.

CREATE TABLE refund_request (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account (id),
    payment_id      uuid NOT NULL REFERENCES payment (id),
    kind            text NOT NULL CHECK (kind IN ('unused', 'duplicate')),
    prefers         text NOT NULL CHECK (prefers IN ('source', 'credit')),
    requested_by    uuid REFERENCES person (id),
    filed_by        uuid,
    asked_nano      bigint CHECK (asked_nano > 0),      -- null: all that can go back
    reason          text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
    outcome         text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'source', 'credit')),
    approved_nano   bigint,
    refund_id       uuid,                               -- payment_refund
    decided_by      uuid,
    decided_at      timestamptz,
    note            text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL
);
CREATE UNIQUE INDEX refund_request_payment ON refund_request (payment_id) WHERE state = 'open';
CREATE INDEX refund_request_account ON refund_request (account_id, id);
CREATE INDEX refund_request_queue ON refund_request (state, id);

-- ---------------------------------------------------------------------------------------------------------------
-- Withdrawals: a balance paid out, or moved to another account here. What is approved has left the balance.

CREATE TABLE withdrawal (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account (id),
    kind            text NOT NULL CHECK (kind IN ('payout', 'migration')),
    to_account_id   uuid REFERENCES account (id),
    amount_nano     bigint NOT NULL CHECK (amount_nano > 0),
    currency        text NOT NULL DEFAULT '',           -- of a payout; only credit bought in it can be paid out in it
    paid_minor      bigint,                             -- what the taken credit was paid with
    destination     text NOT NULL DEFAULT '',           -- where to pay to, in the customer's words; '' once erased
    requested_by    uuid,                               -- a member, or the operator who filed it
    closing_id      uuid,
    reason          text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'asked'
                    CHECK (state IN ('asked', 'seconding', 'approved', 'done', 'failed', 'declined', 'cancelled')),
    approved_by     uuid,
    seconded_by     uuid,
    decided_at      timestamptz,
    payout_ref      text NOT NULL DEFAULT '',
    note            text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL,
    CHECK ((kind = 'migration') = (to_account_id IS NOT NULL)),
    CHECK (approved_by IS NULL OR approved_by IS DISTINCT FROM seconded_by)
);
CREATE UNIQUE INDEX withdrawal_open ON withdrawal (account_id) WHERE state IN ('asked', 'seconding');
CREATE UNIQUE INDEX withdrawal_payout ON withdrawal (lower(payout_ref)) WHERE payout_ref <> '';
CREATE INDEX withdrawal_account ON withdrawal (account_id, id);
CREATE INDEX withdrawal_queue ON withdrawal (state, id);

-- ---------------------------------------------------------------------------------------------------------------
-- Closing an account: no calls from the first moment; then open holds settle, then what is left is decided on.

CREATE TABLE closing (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL UNIQUE REFERENCES account (id),
    requested_by    uuid,
    by_operator     boolean NOT NULL,
    has_breach      boolean NOT NULL DEFAULT false,
    reason          text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'settling' CHECK (state IN ('settling', 'deciding', 'returning', 'done')),
    treatment       text NOT NULL DEFAULT '' CHECK (treatment IN ('', 'nothing', 'return', 'forfeit')),
    decided_by      uuid,
    decided_at      timestamptz,
    note            text NOT NULL DEFAULT '',
    returned_nano   bigint NOT NULL DEFAULT 0,
    forfeited_nano  bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL,
    done_at         timestamptz,
    erased_at       timestamptz                         -- when personal data was erased
);
CREATE INDEX closing_queue ON closing (state, id);
CREATE INDEX closing_to_erase ON closing (done_at) WHERE state = 'done' AND erased_at IS NULL;

ALTER TABLE withdrawal ADD FOREIGN KEY (closing_id) REFERENCES closing (id);

-- ---------------------------------------------------------------------------------------------------------------
-- Winding the service down: who is to be repaid, and who has been.

CREATE TABLE wind_down (
    account_id      uuid PRIMARY KEY REFERENCES account (id),
    balance_nano    bigint NOT NULL,
    refundable_nano bigint NOT NULL,                    -- bought, and to be repaid
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'unreachable')),
    note            text NOT NULL DEFAULT '',
    listed_at       timestamptz NOT NULL DEFAULT now(),
    changed_by      uuid,
    changed_at      timestamptz
);
CREATE INDEX wind_down_state ON wind_down (state, account_id);
