-- Second factors, passkeys, links of one use, throttling. Whatever is secret stands here sealed or hashed.

-- Where a session comes from, as coarse as its owner needs to recognise it; addresses stand in traces only.
ALTER TABLE session ADD COLUMN country text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device text NOT NULL DEFAULT '';     -- 'Firefox on Linux'
CREATE INDEX session_expires ON session (expires_at);

-- Codes of an authenticator app (TOTP, RFC 6238).
CREATE TABLE totp (
    person_id       uuid PRIMARY KEY REFERENCES person (id),
    sealed          bytea NOT NULL,
    confirmed_at    timestamptz,                    -- null: enrolment was begun, and counts for nothing
    last_step       bigint NOT NULL DEFAULT 0,      -- of the newest code that was accepted: none is accepted twice
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE backup_code (
    person_id   uuid NOT NULL REFERENCES person (id),
    hash        bytea NOT NULL,                     -- SHA-256 of person and code, which has 80 random bits
    used_at     timestamptz,
    PRIMARY KEY (person_id, hash)
);

CREATE TABLE passkey (
    id              uuid PRIMARY KEY,
    person_id       uuid NOT NULL REFERENCES person (id),
    credential_id   bytea NOT NULL UNIQUE,
    public_key      bytea NOT NULL,                 -- COSE
    sign_count      bigint NOT NULL DEFAULT 0,
    transports      text[] NOT NULL DEFAULT '{}',
    name            text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_used_at    timestamptz
);
CREATE INDEX passkey_person ON passkey (person_id);

-- An account elsewhere (OpenID Connect) that signs in a person here.
CREATE TABLE oidc_identity (
    id              uuid PRIMARY KEY,
    provider        text NOT NULL,
    subject         text NOT NULL,
    person_id       uuid NOT NULL REFERENCES person (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_used_at    timestamptz,
    UNIQUE (provider, subject),
    UNIQUE (person_id, provider)
);

-- Somebody who has shown the first factor and not yet the second: opens nothing, and is over within minutes.
CREATE TABLE pending_sign_in (
    hash        bytea PRIMARY KEY,                  -- SHA-256 of the cookie's secret
    person_id   uuid NOT NULL REFERENCES person (id),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_person ON pending_sign_in (person_id);
CREATE INDEX pending_sign_in_expires ON pending_sign_in (expires_at);

-- Questions that a browser has to answer once: WebAuthn challenges, and sign-ins that are under way elsewhere.
CREATE TABLE challenge (
    hash        bytea PRIMARY KEY,                  -- SHA-256 of what comes back
    purpose     text NOT NULL CHECK (purpose IN ('passkey_new', 'passkey_use', 'oidc')),
    person_id   uuid REFERENCES person (id),
    sealed      bytea,                              -- what must be remembered of it
    expires_at  timestamptz NOT NULL
);
CREATE INDEX challenge_expires ON challenge (expires_at);

-- Links that were mailed; whoever has one may set a password, once.
CREATE TABLE password_link (
    hash        bytea PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person (id),
    purpose     text NOT NULL CHECK (purpose IN ('reset', 'operator')),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX password_link_person ON password_link (person_id);
CREATE INDEX password_link_expires ON password_link (expires_at);

-- Attempts that have failed, by a keyed digest of whom or whence they concern: nobody can read here who exists.
CREATE TABLE throttle (
    subject         bytea PRIMARY KEY,
    failures        integer NOT NULL,
    blocked_until   timestamptz NOT NULL DEFAULT '-infinity',
    forget_at       timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX throttle_forget ON throttle (forget_at);

CREATE INDEX admin_token_maker ON admin_token (created_by) WHERE revoked_at IS NULL;
