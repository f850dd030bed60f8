"""SQL of exporting and erasing a person's data."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

PERSON = """
SELECT to_jsonb(person) - 'password_hash' - 'mailbox'
       || jsonb_build_object('has_password', password_hash IS NOT NULL) AS person
FROM person WHERE id = $1
"""

# One value per subject. Whatever is secret, or hashed from a secret, is left out by name.
ALL = """
SELECT
    (SELECT jsonb_agg(to_jsonb(each)) FROM (SELECT * FROM member WHERE person_id = $1) AS each) AS memberships,
    (SELECT jsonb_agg(to_jsonb(each)) FROM (SELECT kind, said, at FROM statement WHERE person_id = $1) AS each)
        AS statements,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT account_id, terms_version, how, at FROM consent WHERE person_id = $1) AS each) AS consents,
    (SELECT jsonb_agg(to_jsonb(each) - 'hash') FROM (SELECT * FROM session WHERE person_id = $1) AS each) AS sessions,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT name, created_at, last_used_at FROM passkey WHERE person_id = $1) AS each) AS passkeys,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT provider, subject, created_at, last_used_at FROM oidc_identity WHERE person_id = $1) AS each)
        AS sign_ins_elsewhere,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT created_at, confirmed_at FROM totp WHERE person_id = $1) AS each) AS authenticator,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT muted, changed_at FROM notice_preference WHERE person_id = $1) AS each) AS preferences,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT scopes, created_at, revoked_at FROM operator_grant WHERE person_id = $1) AS each) AS operator,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT id, account_id, role, created_at, expires_at, accepted_at, revoked_at FROM invitation
           WHERE accepted_by = $1 OR lower(email) = (SELECT lower(email) FROM person WHERE id = $1)) AS each)
        AS invitations,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT kind, language, state, created_at, sent_at FROM mail WHERE person_id = $1 ORDER BY id) AS each)
        AS mails,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT id, account_id, email, language, subject, payment_method, payment_reference, job_id, amount, state,
                  created_at, closed_at,
                  (SELECT jsonb_agg(jsonb_build_object('author', author, 'words', words, 'at', created_at) ORDER BY id)
                   FROM support_message WHERE request_id = request.id) AS messages
           FROM support_request AS request WHERE person_id = $1 ORDER BY id) AS each) AS support_requests,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT kind, account_id, host(address) AS address, country, agent, device, at FROM trace
           WHERE person_id = $1 ORDER BY id) AS each) AS traces,
    (SELECT jsonb_agg(to_jsonb(each))
     FROM (SELECT at, account_id, action, target FROM audit WHERE actor_id = $1 ORDER BY id) AS each) AS actions
"""

LOCK_STANDING = """
SELECT status,
       EXISTS (SELECT FROM operator_grant WHERE person_id = $1 AND revoked_at IS NULL) AS is_operator,
       (SELECT own.account_id FROM member AS own JOIN account ON account.id = own.account_id
        WHERE own.person_id = $1 AND own.role = 'owner' AND account.status <> 'closed'
          AND NOT EXISTS (SELECT FROM member AS other WHERE other.account_id = own.account_id
                            AND other.role = 'owner' AND other.person_id <> $1)
        ORDER BY own.account_id LIMIT 1) AS last_owner_of
FROM person WHERE id = $1 FOR UPDATE
"""

# Owners of the same accounts who are erased, removed or demoted at once wait for each other here.
LOCK_MEMBERS = """
SELECT FROM member WHERE account_id IN (SELECT account_id FROM member WHERE person_id = $1)
ORDER BY account_id, person_id FOR UPDATE
"""

# The contact of an account that nobody else speaks for any more leaves with the person.
EMPTY_CONTACTS = """
UPDATE account_contact SET email = '', name = ''
FROM account
WHERE account.id = account_id AND account.status = 'closed'
  AND lower(email) = (SELECT lower(person.email) FROM person WHERE person.id = $1)
"""

EMPTY_BILLING = """
DELETE FROM account_billing USING account, member
WHERE account.id = account_billing.account_id AND account.status = 'closed'
  AND member.account_id = account.id AND member.person_id = $1 AND member.role = 'owner'
"""

DROP_INVITATIONS = """
UPDATE invitation SET email = '', revoked_at = coalesce(revoked_at, CASE WHEN accepted_at IS NULL THEN now() END)
WHERE lower(email) = (SELECT lower(person.email) FROM person WHERE person.id = $1)
"""

# What a duty is just sending goes out; everything else is dropped.
EMPTY_MAILS = """
UPDATE mail SET address = '', facts = '{}', error = '',
    state = CASE WHEN state IN ('waiting', 'failed') THEN 'dropped' ELSE state END
WHERE state <> 'sending'
  AND (person_id = $1 OR address <> '' AND lower(address) = (SELECT lower(email) FROM person WHERE person.id = $1))
"""

# What was asked for and decided stays with the account; who wrote, and the words of it, do not.
EMPTY_MESSAGES = """
UPDATE support_message SET words = ''
FROM support_request AS request
WHERE request.id = request_id AND author = 'customer'
  AND (request.person_id = $1 OR lower(request.email) = (SELECT lower(person.email) FROM person WHERE person.id = $1))
"""

EMPTY_SUPPORT = """
UPDATE support_request SET email = '', subject = ''
WHERE person_id = $1 OR lower(email) = (SELECT lower(person.email) FROM person WHERE person.id = $1)
"""

DROP_MEMBERSHIPS = "DELETE FROM member WHERE person_id = $1"
DROP_SESSIONS = "DELETE FROM session WHERE person_id = $1"
DROP_LINKS = "DELETE FROM email_link WHERE person_id = $1"
DROP_STATEMENTS = "DELETE FROM statement WHERE person_id = $1"
DROP_TOTP = "DELETE FROM totp WHERE person_id = $1"
DROP_BACKUP_CODES = "DELETE FROM backup_code WHERE person_id = $1"
DROP_PASSKEYS = "DELETE FROM passkey WHERE person_id = $1"
DROP_IDENTITIES = "DELETE FROM oidc_identity WHERE person_id = $1"
DROP_PENDING = "DELETE FROM pending_sign_in WHERE person_id = $1"
DROP_CHALLENGES = "DELETE FROM challenge WHERE person_id = $1"
DROP_RESETS = "DELETE FROM password_link WHERE person_id = $1"
DROP_PREFERENCES = "DELETE FROM notice_preference WHERE person_id = $1"
DROP_TRACES = "DELETE FROM trace WHERE person_id = $1"

ERASE = """
UPDATE person SET status = 'erased', email = '', mailbox = '', display_name = '', password_hash = NULL
WHERE id = $1
"""

# The address goes last: what is found by it has to be found before.
_STEPS = (
    EMPTY_CONTACTS,
    EMPTY_BILLING,
    DROP_INVITATIONS,
    EMPTY_MAILS,
    EMPTY_MESSAGES,
    EMPTY_SUPPORT,
    DROP_MEMBERSHIPS,
    DROP_SESSIONS,
    DROP_LINKS,
    DROP_STATEMENTS,
    DROP_TOTP,
    DROP_BACKUP_CODES,
    DROP_PASSKEYS,
    DROP_IDENTITIES,
    DROP_PENDING,
    DROP_CHALLENGES,
    DROP_RESETS,
    DROP_PREFERENCES,
    DROP_TRACES,
    ERASE,
)


class Standing(msgspec.Struct, frozen=True):
    """What stands in the way of an erasure."""

    status: str
    is_operator: bool
    last_owner_of: UUID | None


async def load_person(connection: Connection, person_id: UUID) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await connection.fetchval(PERSON, person_id)
    return found


async def load_all(connection: Connection, person_id: UUID) -> dict[str, Any]:
    row = await connection.fetchrow(ALL, person_id)
    return {subject: found or [] for subject, found in (row or {}).items()}


async def lock_standing(connection: Connection, person_id: UUID) -> Standing | None:
    await connection.execute(LOCK_MEMBERS, person_id)
    row = await connection.fetchrow(LOCK_STANDING, person_id)
    return None if row is None else Standing(**row)


async def erase(connection: Connection, person_id: UUID) -> None:
    """In the caller's transaction."""
    for statement in _STEPS:
        await connection.execute(statement, person_id)
