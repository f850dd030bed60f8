-- Becoming and being a customer: links in mails, invitations, statements, consent to terms, what bars an account, and
-- the details that stand on its statements.

-- ---------------------------------------------------------------------------------------------------------------
-- Why an active account's calls are refused all the same. Several reasons may hold; account.barred is the one that is
-- told, which admission reads with the account's row (accounts/bars.py).

ALTER TABLE account ADD COLUMN barred text NOT NULL DEFAULT '';

CREATE TABLE account_bar (
    account_id  uuid NOT NULL REFERENCES account (id),
    code        text NOT NULL CHECK (code IN ('region_not_served', 'approval_pending', 'email_not_verified',
                                              'terms_not_accepted')),
    since       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, code)
);
CREATE INDEX account_bar_code ON account_bar (code, account_id);

-- What stands on the account's statements beside its name.
CREATE TABLE account_billing (
    account_id  uuid PRIMARY KEY REFERENCES account (id),
    name        text NOT NULL DEFAULT '',
    tax_id      text NOT NULL DEFAULT '',
    address     text NOT NULL DEFAULT '',
    country     text NOT NULL DEFAULT ''            -- ISO 3166-1 alpha-2
);

-- The address of an account's contact is emptied with the person; two empty ones are no conflict.
DROP INDEX account_contact_email;
CREATE UNIQUE INDEX account_contact_email ON account_contact (lower(email)) WHERE email <> '';

-- ---------------------------------------------------------------------------------------------------------------
-- People.

-- The address without what its provider ignores (identity/mail_address.py): finds who signs up twice. '' once erased.
ALTER TABLE person ADD COLUMN mailbox text NOT NULL DEFAULT '';
CREATE INDEX person_mailbox ON person (mailbox) WHERE mailbox <> '';

-- Single-use links that prove an address. The password of a sign-up comes into force with its own link only, so that
-- whoever signs up with somebody else's address never gets to set theirs.
CREATE TABLE email_link (
    hash            bytea PRIMARY KEY,              -- SHA-256 of the link's secret
    person_id       uuid NOT NULL REFERENCES person (id),
    email           text NOT NULL,
    password_hash   text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX email_link_person ON email_link (person_id, created_at);

-- Without an account: to open one of their own. The secret goes by mail, and proves the address.
CREATE TABLE invitation (
    id          uuid PRIMARY KEY,
    account_id  uuid REFERENCES account (id),
    email       text NOT NULL,                      -- '' once erased
    role        text CHECK (role IN ('owner', 'developer', 'billing')),
    hash        bytea NOT NULL UNIQUE,
    invited_by  uuid REFERENCES person (id),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    accepted_at timestamptz,
    accepted_by uuid REFERENCES person (id),
    revoked_at  timestamptz,
    CHECK ((account_id IS NULL) = (role IS NULL))
);
CREATE UNIQUE INDEX invitation_open ON invitation (account_id, lower(email)) NULLS NOT DISTINCT
    WHERE accepted_at IS NULL AND revoked_at IS NULL AND email <> '';
CREATE INDEX invitation_email ON invitation (lower(email));

-- What somebody said of themselves when it was asked.
CREATE TABLE statement (
    person_id   uuid NOT NULL REFERENCES person (id),
    kind        text NOT NULL CHECK (kind IN ('of_age', 'accurate_details', 'country')),
    said        text NOT NULL,                      -- '18', 'yes', 'DE'
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, kind)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Terms: which version is in force when, and who accepted it how. By use is the account's, and no person's.

CREATE TABLE terms_version (
    version         integer PRIMARY KEY CHECK (version > 0),
    effective_at    timestamptz NOT NULL,
    is_material     boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE consent (
    id              uuid PRIMARY KEY,
    person_id       uuid REFERENCES person (id),
    account_id      uuid REFERENCES account (id),   -- null: somebody who has none yet
    terms_version   integer NOT NULL REFERENCES terms_version (version),
    how             text NOT NULL CHECK (how IN ('sign_up', 'by_use', 'click')),
    at              timestamptz NOT NULL DEFAULT now(),
    CHECK ((how = 'by_use') = (person_id IS NULL))
);
CREATE UNIQUE INDEX consent_once ON consent (account_id, terms_version, person_id) NULLS NOT DISTINCT;
CREATE INDEX consent_person ON consent (person_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Proofs of work that were used; forgotten when they would be over anyway.

CREATE TABLE used_proof (
    hash        bytea PRIMARY KEY,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX used_proof_expires ON used_proof (expires_at);

-- Traces of a person leave with the person.
CREATE INDEX trace_person ON trace (person_id, id) WHERE person_id IS NOT NULL;
-- Whether a device signed up before.
CREATE INDEX trace_sign_up_device ON trace (device, id) WHERE kind = 'sign_up' AND device <> '';
