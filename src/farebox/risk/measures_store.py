"""SQL of what signals measure, one statement per signal, and of whom it was raised for within the window already.

Each is asked with $1 an id below all rows of the window, $2 the beginning of the window, $3 the threshold, $4 the
signal, $5 the action, $6 how many at most; where it needs more, $7 on are its own. Each gives account_id, subject,
measured and facts. Facts are counts and ids: no address, device or payment method. Tables that have no ids of the
window say `$1::uuid IS NOT NULL`, so that all take the same arguments.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.policies.risk import Signal
from farebox.storage.database import Connection

# A signal that was raised within the window is not raised again, whatever was decided on it.
_NEW = """
SELECT account_id, subject, measured, facts FROM measured
WHERE measured >= $3 AND NOT EXISTS (
    SELECT FROM signal
    WHERE signal.account_id = measured.account_id AND signal.kind = $4 AND signal.subject = measured.subject
      AND signal.action = $5 AND raised_at >= $2
)
ORDER BY account_id, subject LIMIT $6
"""

_KEY_NETWORKS = """
WITH measured AS (
    SELECT account_id, 'key:' || key_id AS subject,
           count(DISTINCT network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))) AS measured,
           jsonb_build_object('key_id', key_id, 'addresses', count(DISTINCT address),
                              'countries', count(DISTINCT country) FILTER (WHERE country <> '')) AS facts
    FROM trace WHERE id >= $1 AND at >= $2 AND kind = 'call' AND key_id IS NOT NULL AND address IS NOT NULL
    GROUP BY account_id, key_id
)
"""

# $7: an id below all rows of the window and the span before it, $8: the beginning of that span, $9: nano-units spent.
_SPEND_VELOCITY = """
WITH spent AS (
    SELECT account_id, coalesce(sum(charge_nano) FILTER (WHERE finished_at >= $2), 0) AS now_nano,
           coalesce(sum(charge_nano) FILTER (WHERE finished_at < $2), 0) AS before_nano
    FROM job WHERE id >= $7 AND finished_at >= $8 AND status = 'settled'
    GROUP BY account_id
), measured AS (
    SELECT account_id, 'account:' || account_id AS subject,
           least(1000000000, now_nano * 100 / greatest(before_nano, 1))::bigint AS measured,
           jsonb_build_object('spent_nano', now_nano, 'spent_before_nano', before_nano) AS facts
    FROM spent WHERE now_nano > 0 AND now_nano >= $9::bigint AND $1::uuid IS NOT NULL
)
"""

_CALLS = """
WITH calls AS (
    SELECT account_id, count(*) AS calls, count(*) FILTER (WHERE is_refused) AS refused
    FROM (SELECT account_id, false AS is_refused FROM job WHERE id >= $1 AND created_at >= $2
          UNION ALL
          SELECT account_id, true FROM refusal WHERE id >= $1 AND at >= $2) AS lately
    GROUP BY account_id
)
"""

# $7: how many calls at least.
_REFUSAL_RATIO = """
, measured AS (
    SELECT account_id, 'account:' || account_id AS subject, refused * 100 / calls AS measured,
           jsonb_build_object('calls', calls, 'refused', refused) AS facts
    FROM calls WHERE calls >= $7::bigint
)
"""

# $7: the window in minutes.
_LOAD = """
, measured AS (
    SELECT account_id, 'account:' || account_id AS subject, calls / $7::bigint AS measured,
           jsonb_build_object('calls', calls, 'refused', refused) AS facts
    FROM calls
)
"""

# A provider may tell of one failure twice, and of its method once.
_ATTEMPTS = """
WITH attempts AS (
    SELECT payment.account_id, payment_attempt.fingerprint, recharge.price_minor, recharge.currency
    FROM payment_attempt JOIN payment ON payment.id = payment_id LEFT JOIN recharge ON recharge.id = recharge_id
    WHERE failed_at >= $2 AND payment.account_id IS NOT NULL AND $1::uuid IS NOT NULL
      AND (payment_attempt.fingerprint <> '' OR NOT EXISTS (
          SELECT FROM payment_attempt AS told
          WHERE told.payment_id = payment_attempt.payment_id AND told.fingerprint <> ''))
)
"""

_FAILED_PAYMENTS = """
, measured AS (
    SELECT account_id, 'account:' || account_id AS subject, count(*) AS measured,
           jsonb_build_object('failed', count(*)) AS facts
    FROM attempts GROUP BY account_id
)
"""

_CARD_TESTING = """
, counted AS (
    SELECT account_id, count(DISTINCT fingerprint) FILTER (WHERE fingerprint <> '') AS methods,
           count(DISTINCT (price_minor, currency)) FILTER (WHERE price_minor IS NOT NULL) AS amounts
    FROM attempts GROUP BY account_id
), measured AS (
    SELECT account_id, 'account:' || account_id AS subject, greatest(methods, amounts) AS measured,
           jsonb_build_object('methods', methods, 'amounts', amounts) AS facts
    FROM counted
)
"""

# Of what an account shares with others in several ways, the largest circle; of the others, a few.
_CIRCLES = """
, circles AS (
    SELECT array_agg(DISTINCT account_id) AS accounts FROM shared
    GROUP BY what HAVING count(DISTINCT account_id) >= $3
), measured AS (
    SELECT DISTINCT ON (account_id) account_id, 'account:' || account_id AS subject,
           cardinality(accounts)::bigint AS measured,
           jsonb_build_object('accounts', cardinality(accounts),
                              'with', to_jsonb((array_remove(accounts, account_id))[1:20])) AS facts
    FROM circles CROSS JOIN LATERAL unnest(accounts) AS of_circle (account_id)
    ORDER BY account_id, cardinality(accounts) DESC
)
"""

_SHARED_PAYMENT_METHOD = """
WITH shared AS (
    SELECT account_id, fingerprint AS what FROM payment
    WHERE fingerprint <> '' AND account_id IS NOT NULL AND created_at >= $2 AND $1::uuid IS NOT NULL
    UNION ALL
    SELECT payment.account_id, payment_attempt.fingerprint
    FROM payment_attempt JOIN payment ON payment.id = payment_id
    WHERE payment_attempt.fingerprint <> '' AND payment.account_id IS NOT NULL AND failed_at >= $2
)
"""

# A sign-in without an account chosen is of all accounts of the person.
_CAME = """
WITH came AS (
    SELECT coalesce(trace.account_id, member.account_id) AS account_id, device, address
    FROM trace LEFT JOIN member ON trace.account_id IS NULL AND member.person_id = trace.person_id
    WHERE trace.id >= $1 AND trace.at >= $2 AND coalesce(trace.account_id, member.account_id) IS NOT NULL
      AND trace.kind IN ('sign_up', 'sign_in', 'recharge')
)
"""

_SHARED_DEVICE = ", shared AS (SELECT account_id, device AS what FROM came WHERE device <> '')"

# Of IPv6 a home or a server has a network of 64 bits to itself.
_SHARED_ADDRESS = """
, shared AS (
    SELECT account_id, network(set_masklen(address, CASE family(address) WHEN 4 THEN 32 ELSE 64 END)) AS what
    FROM came WHERE address IS NOT NULL
)
"""

# Each trace of a denial has the id of its job.
_PROVIDER_DENIAL = """
WITH measured AS (
    SELECT account_id, 'account:' || account_id AS subject, count(*) AS measured,
           jsonb_build_object('denied', count(*), 'keys', count(DISTINCT key_id),
                              'jobs', to_jsonb((array_agg(id ORDER BY id DESC))[1:20])) AS facts
    FROM trace WHERE id >= $1 AND at >= $2 AND kind = 'denied' AND account_id IS NOT NULL
    GROUP BY account_id
)
"""

_KEY_REPORTED = """
WITH measured AS (
    SELECT account_id, 'account:' || account_id AS subject, count(DISTINCT target) AS measured,
           jsonb_build_object('keys', count(DISTINCT target)) AS facts
    FROM audit WHERE action = 'key.report_leak' AND id >= $1 AND at >= $2 AND account_id IS NOT NULL
    GROUP BY account_id
)
"""

STATEMENTS: dict[Signal, str] = {
    "key_networks": f"{_KEY_NETWORKS} {_NEW}",
    "spend_velocity": f"{_SPEND_VELOCITY} {_NEW}",
    "refusal_ratio": f"{_CALLS} {_REFUSAL_RATIO} {_NEW}",
    "load": f"{_CALLS} {_LOAD} {_NEW}",
    "failed_payments": f"{_ATTEMPTS} {_FAILED_PAYMENTS} {_NEW}",
    "card_testing": f"{_ATTEMPTS} {_CARD_TESTING} {_NEW}",
    "shared_payment_method": f"{_SHARED_PAYMENT_METHOD} {_CIRCLES} {_NEW}",
    "shared_device": f"{_CAME} {_SHARED_DEVICE} {_CIRCLES} {_NEW}",
    "shared_address": f"{_CAME} {_SHARED_ADDRESS} {_CIRCLES} {_NEW}",
    "provider_denial": f"{_PROVIDER_DENIAL} {_NEW}",
    "key_reported": f"{_KEY_REPORTED} {_NEW}",
}

# Which of them are disposable is not known to the database.
ADDRESSES = """
SELECT member.account_id, email FROM person JOIN member ON member.person_id = person.id
WHERE person.id >= $1 AND person.created_at >= $2 AND email <> '' AND NOT EXISTS (
    SELECT FROM signal
    WHERE signal.account_id = member.account_id AND signal.kind = 'disposable_mail' AND signal.action = $3
      AND raised_at >= $2
)
ORDER BY person.id
"""


class Finding(msgspec.Struct, frozen=True):
    """One account above a threshold. `subject` is the account, or the key it is about."""

    account_id: UUID
    subject: str
    measured: int
    facts: dict[str, Any]


async def measure(
    connection: Connection,
    signal: Signal,
    action: str,
    lower: UUID,
    since: datetime,
    threshold: int,
    most: int,
    *own: Any,
) -> list[Finding]:
    """Accounts at or above the threshold for which it was not raised within the window, in the order of their ids."""
    rows = await connection.fetch(STATEMENTS[signal], lower, since, threshold, signal, action, most, *own)
    return [Finding(**row) for row in rows]


async def addresses_since(connection: Connection, action: str, lower: UUID, since: datetime) -> list[tuple[UUID, str]]:
    """Accounts and addresses of members that came since, but for accounts the signal was raised for."""
    return [(row["account_id"], row["email"]) for row in await connection.fetch(ADDRESSES, lower, since, action)]
