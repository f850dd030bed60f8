-- What people are told: mail on its way, broadcasts, announcements, texts of terms, preferences, outgoing webhooks.

-- ---------------------------------------------------------------------------------------------------------------
-- Mail on its way. From `handed_at` on the server may have the message, whatever happens to us.

ALTER TABLE mail ADD COLUMN handed_at timestamptz;
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_facts_kept ON mail (created_at) WHERE facts <> '{}' OR address <> '';

-- One notice to many people, queued by a duty in the order of their ids; `after` is how far it came.
CREATE TABLE broadcast (
    id          uuid PRIMARY KEY,
    dedupe_key  text NOT NULL UNIQUE,
    kind        text NOT NULL,                      -- names the template
    audience    text NOT NULL CHECK (audience IN ('all', 'with_balance')),
    facts       jsonb NOT NULL,                     -- by language; 'en' is always there
    after       uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    queued      integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now(),
    done_at     timestamptz,
    cancelled_at timestamptz
);
CREATE INDEX broadcast_open ON broadcast (id) WHERE done_at IS NULL AND cancelled_at IS NULL;

-- ---------------------------------------------------------------------------------------------------------------
-- Texts in several languages.

CREATE TABLE terms_text (
    version     integer NOT NULL REFERENCES terms_version (version),
    language    text NOT NULL,
    title       text NOT NULL,
    body        text NOT NULL,
    PRIMARY KEY (version, language)
);

CREATE TABLE announcement (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('maintenance', 'price_change', 'terms', 'general')),
    shown_from      timestamptz NOT NULL DEFAULT now(),
    shown_until     timestamptz,
    starts_at       timestamptz,                    -- of what is announced
    ends_at         timestamptz,
    is_banner       boolean NOT NULL DEFAULT false,
    mail            text NOT NULL DEFAULT 'none' CHECK (mail IN ('all', 'with_balance', 'none')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    withdrawn_at    timestamptz,
    CHECK (shown_until > shown_from),
    CHECK (ends_at > starts_at)
);

CREATE TABLE announcement_text (
    announcement_id uuid NOT NULL REFERENCES announcement (id),
    language        text NOT NULL,
    title           text NOT NULL,
    body            text NOT NULL,
    PRIMARY KEY (announcement_id, language)
);

-- ---------------------------------------------------------------------------------------------------------------
-- What somebody does not want to be mailed, and what an account wants to be told of.

CREATE TABLE notice_preference (
    person_id   uuid PRIMARY KEY REFERENCES person (id),
    muted       text[] NOT NULL,                    -- kinds of mail
    changed_at  timestamptz NOT NULL DEFAULT now()
);

-- `is_low`, `told_day` and `told_month` say that this crossing was told: once per crossing, day and month.
CREATE TABLE spend_watch (
    account_id          uuid PRIMARY KEY REFERENCES account (id),
    low_balance_nano    bigint CHECK (low_balance_nano > 0),
    daily_spend_nano    bigint CHECK (daily_spend_nano > 0),
    monthly_spend_nano  bigint CHECK (monthly_spend_nano > 0),
    is_low              boolean NOT NULL DEFAULT false,
    crossings           integer NOT NULL DEFAULT 0,
    told_day            bigint NOT NULL DEFAULT 0,
    told_month          bigint NOT NULL DEFAULT 0
);

-- ---------------------------------------------------------------------------------------------------------------
-- Webhooks of customers. The secret is sealed; an old one still signs for a day after it was replaced.

CREATE TABLE webhook (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account (id),
    url             text NOT NULL,
    events          text[] NOT NULL,
    sealed          bytea NOT NULL,
    sealed_before   bytea,
    before_until    timestamptz,
    status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'removed')),
    failing_since   timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_account ON webhook (account_id, id) WHERE status <> 'removed';

CREATE TABLE webhook_event (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account (id),
    kind        text NOT NULL,                      -- outbox/events.py
    data        jsonb NOT NULL,
    dedupe_key  text NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_event_created ON webhook_event (created_at);

CREATE TABLE webhook_delivery (
    id              uuid PRIMARY KEY,
    webhook_id      uuid NOT NULL REFERENCES webhook (id),
    event_id        uuid NOT NULL REFERENCES webhook_event (id) ON DELETE CASCADE,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'cancelled')),
    attempts        integer NOT NULL DEFAULT 0,
    next_at         timestamptz NOT NULL DEFAULT now(), -- also until when the sender at it has it to itself
    status_code     integer,
    error           text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_delivery_next ON webhook_delivery (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_list ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_event ON webhook_delivery (event_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Dormancy: who was warned, and when.

CREATE TABLE dormancy_warning (
    account_id  uuid PRIMARY KEY REFERENCES account (id),
    warned_at   timestamptz NOT NULL DEFAULT now()
);

-- Lots whose owners were told that they expire soon.
CREATE TABLE lot_notice (
    account_id  uuid NOT NULL,
    lot_id      uuid NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (account_id, lot_id)
);
CREATE INDEX lot_notice_expires ON lot_notice (expires_at);
