-- Signals, decisions on them, and what payments and calls leave behind for them.

-- What crossed a threshold of the policy. Counts and ids only: addresses and devices stay in trace, and leave with it.
CREATE TABLE signal (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account (id),
    kind            text NOT NULL,                  -- domain/policies/risk.py
    subject         text NOT NULL,                  -- 'account:<id>' or 'key:<id>'
    measured        bigint NOT NULL,
    threshold       bigint NOT NULL,
    window_minutes  integer NOT NULL,
    action          text NOT NULL CHECK (action IN ('note', 'review', 'freeze')),
    has_frozen      boolean NOT NULL DEFAULT false, -- whether the account was active before it
    facts           jsonb NOT NULL DEFAULT '{}',
    case_id         uuid REFERENCES review_case (id),
    raised_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX signal_account ON signal (account_id, id);
CREATE INDEX signal_kind ON signal (kind, id);

-- What operators decided about an account, whether or not it closed a case.
CREATE TABLE risk_decision (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account (id),
    case_id     uuid REFERENCES review_case (id),
    decision    text NOT NULL CHECK (decision IN ('nothing', 'note', 'freeze', 'unfreeze', 'limits')),
    note        text NOT NULL DEFAULT '',
    decided_by  uuid,
    decided_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX risk_decision_account ON risk_decision (account_id, id);

-- Payments that failed, once per method: a payment that is tried with one card after the other stays one payment.
CREATE TABLE payment_attempt (
    payment_id  uuid NOT NULL REFERENCES payment (id),
    fingerprint text NOT NULL,                      -- '' where the provider tells none
    failed_at   timestamptz NOT NULL,
    PRIMARY KEY (payment_id, fingerprint)
);
CREATE INDEX payment_attempt_failed ON payment_attempt (failed_at);

CREATE INDEX trace_device ON trace (device, id) WHERE device <> '';
