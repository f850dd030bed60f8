"""What the walk through other people's accounts knows of each route of the customers' API.

A new route has to be told here: which noun its id is of, or that it acts on nothing but what the session stands for.
"""

from typing import Any

# The noun (tests/support/tenants.py) of the id in a path, by what stands before it.
IN_PATH = {
    "/api/sessions/": "session",
    "/api/security/passkeys/": "passkey",
    "/api/keys/": "key",
    "/api/jobs/": "job",
    "/api/recharges/": "recharge",
    "/api/payments/": "payment",
    "/api/statements/": "statement",
    "/api/members/invitations/": "invitation",
    "/api/members/": "person",
    "/api/support/": "support",
    "/api/adjustments/": "adjustment",
    "/api/refunds/": "refund",
    "/api/withdrawals/": "withdrawal",
    "/api/webhooks/": "webhook",
}
# The noun of an id in a query or a body, by its name. `after` is where a page begins: it may be anything's.
IN_FIELD = {
    "key_id": "key",
    "job_id": "job",
    "payment_id": "payment",
    "account_id": "account",
    "to_account_id": "account",
}
CURSOR = "after"
# What a body needs beside the ids in it, for the call to go as far as it can.
BODIES: dict[str, dict[str, Any]] = {
    "PUT /api/security/passkeys/{passkey_id}": {"name": "mine"},
    "PUT /api/keys/{key_id}": {"name": "mine"},
    "POST /api/keys/{key_id}/report-leak": {},
    "PUT /api/members/{person_id}": {"role": "owner"},
    "POST /api/support/{request_id}/messages": {"message": "And then?"},
    "PUT /api/webhooks/{webhook_id}": {"url": "https://1.1.1.1/mine", "events": ["key.created"]},
    "POST /api/session/account": {},
    "POST /api/adjustments": {"description": "It was cut off."},
    "POST /api/refunds": {},
    "POST /api/support": {"subject": "A job", "message": "What was it?"},
    "PUT /api/auto-recharge": {"threshold": "5", "amount": "20", "monthly_ceiling": "100", "agreed": True},
    "POST /api/withdrawals": {"kind": "migration", "amount": "1"},
}
# Of one person, whom another member of the same account is as much a stranger to as anybody.
PERSONAL = frozenset(("session", "passkey"))
# What names nothing that belongs to an account.
PUBLIC_NAMES = frozenset(
    (
        "/api/session/oidc/{name}",
        "/api/session/oidc/{name}/callback",
        "/api/security/oidc/{name}",
        "/api/public/terms/{version}",
        "/api/public/texts/{kind}",
    )
)
# These change something, and take neither an id nor a name of what they change: it is the session's own, or it is
# found by a secret that only its holder knows.
OWN = frozenset(
    (
        "POST /api/session",
        "DELETE /api/session",
        "POST /api/session/second-factor",
        "POST /api/session/passkey/options",
        "POST /api/session/passkey",
        "POST /api/session/prove",
        "POST /api/session/oidc/{name}",
        "POST /api/security/oidc/{name}",
        "DELETE /api/security/oidc/{name}",
        "POST /api/sessions/end-others",
        "POST /api/security/totp",
        "DELETE /api/security/totp",
        "POST /api/security/totp/confirm",
        "POST /api/security/backup-codes",
        "POST /api/security/passkeys/options",
        "POST /api/security/passkeys",
        "POST /api/password",
        "POST /api/password/forgotten",
        "POST /api/password/set",
        "POST /api/sign-up",
        "POST /api/sign-up/resend",
        "POST /api/sign-up/confirm",
        "POST /api/invitations/look",
        "POST /api/invitations/accept",
        "POST /api/invitations/join",
        "POST /api/keys",
        "POST /api/recharges",
        "POST /api/codes/redeem",
        "DELETE /api/auto-recharge",
        "POST /api/members/invitations",
        "PUT /api/account",
        "POST /api/account/terms",
        "PUT /api/person",
        "POST /api/person/erase",
        "POST /api/closing",
        "PUT /api/notices/preferences",
        "PUT /api/notices/watch",
        "POST /api/webhooks",
    )
)
