"""The kinds of mail: what each one's template is told, and who may switch it off.

`facts` have to be there; `optional` ones may be missing and are then empty. Every kind has a template in every language
(templates/*.toml). Moments are RFC 3339, amounts decimal strings.
"""

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """One kind of mail. Secret facts open something: they are erased once sent, and shown to nobody."""

    facts: frozenset[str]
    optional: frozenset[str] = frozenset()
    is_essential: bool = True  # nobody can switch it off
    is_secret: bool = False


def _kind(facts: str = "", optional: str = "", *, is_essential: bool = True, is_secret: bool = False) -> Kind:
    return Kind(frozenset(facts.split()), frozenset(optional.split()), is_essential, is_secret)


KINDS: dict[str, Kind] = {
    # Becoming and being a customer.
    "verification": _kind("link", "hours", is_secret=True),
    "password_reset": _kind("link", "minutes", is_secret=True),
    "operator_invited": _kind("link", "days", is_secret=True),
    "invitation": _kind("link", "account_name inviter role days", is_secret=True),
    "welcome": _kind("", "credit unit link"),
    "already_registered": _kind("", "link", is_secret=True),
    "account_approved": _kind("", "link"),
    "account_declined": _kind("", "note"),
    "sign_in_new_device": _kind("", "device country at"),
    "security_changed": _kind("change"),
    "backup_code_used": _kind("left"),
    "key_leaked": _kind("key_name key_prefix"),
    # Money.
    "low_balance": _kind("balance threshold unit", "link", is_essential=False),
    "spend_alert": _kind("spent threshold unit period", "link", is_essential=False),
    "recharge_credited": _kind("amount unit balance", is_essential=False),
    "code_redeemed": _kind("amount unit balance", is_essential=False),
    "recharge_declined": _kind("amount unit", "reason"),
    "auto_recharge_failed": _kind("amount unit", "reason link"),
    "refund_decided": _kind("amount unit decision", "note"),
    "withdrawal_decided": _kind("amount unit decision", "note"),
    "dispute_opened": _kind("reference"),
    "dispute_decided": _kind("reference decision", "note"),
    "adjustment_decided": _kind("job_id decision", "amount unit note"),
    "statement_ready": _kind("period", "link", is_essential=False),
    "lot_expiring": _kind("amount unit expires_at"),
    # The account and the service.
    "support_reply": _kind("text", "subject link"),
    "account_frozen": _kind("", "reason"),
    "account_unfrozen": _kind("", "reason"),
    "account_closed": _kind("", "reason"),
    "dormant_warning": _kind("frozen_at months"),
    "dormant_frozen": _kind("months"),
    "webhook_disabled": _kind("url"),
    "terms_changed": _kind("title effective_at", "text link"),
    "price_change": _kind("title effective_at", "text link"),
    "maintenance": _kind("title starts_at", "text ends_at link", is_essential=False),
    "announcement": _kind("title", "text link", is_essential=False),
    # To operators.
    "operator_alarm": _kind("title", "text link"),
}
NON_ESSENTIAL: tuple[str, ...] = tuple(sorted(name for name, kind in KINDS.items() if not kind.is_essential))
