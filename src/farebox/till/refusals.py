"""Why a call is refused: reasons with their codes, numbers, and what to do next.

Messages are for the customer: plain words, amounts as decimal strings in the unit of account, nothing that is only the
operator's to know.
"""

from ipaddress import IPv4Address, IPv6Address

from farebox.domain.errors import STATUS_BY_CODE
from farebox.domain.limits import Meter, seconds_until_fits, seconds_until_next_day
from farebox.domain.money import format_amount
from farebox.till import limits
from farebox.till.operations import Admit, Refused
from farebox.till.state import AccountRow, KeyRow, NewRefusal, State

IDEMPOTENCY_LIFETIME_US = 24 * 3600 * 1_000_000
_NO_CHANNEL_RETRY_S = 5
# By code of accounts/bars.py: what the customer can do about it.
BARRED = {
    "region_not_served": "This service is not offered where this account says it is; its balance is kept. Contact "
    "support to have it reviewed.",
    "approval_pending": "This account waits for the operator's approval. You get a mail when it can be used.",
    "email_not_verified": "The e-mail address of this account is not confirmed. Open the link in the mail you were "
    "sent, or ask for a new one in the console.",
    "terms_not_accepted": "The terms in force have not been accepted. Accept them in the console to go on.",
}


def key_refusal(key: KeyRow, now_us: int) -> Refused | None:
    """A key that must not be used (any more)."""
    if key.status == "revoked":
        return Refused(code="key_revoked", message="This API key was revoked. Use another key, or create a new one.")
    if key.expires_us is not None and key.expires_us <= now_us:
        return Refused(code="key_expired", message="This API key has expired. Use another key, or create a new one.")
    return None


def account_refusal(account: AccountRow) -> Refused | None:
    """An account that must not spend. The operator's reason is for the console, not for whoever holds a key."""
    if account.status == "frozen":
        return Refused(
            code="account_frozen",
            message="This account is frozen; its balance is kept. Contact support to have it reviewed.",
        )
    if account.status == "closed":
        return Refused(code="account_frozen", message="This account is closed. Contact support if it should not be.")
    if account.barred:
        return Refused(code=account.barred, message=BARRED[account.barred])
    return None


def known_job(state: State, call: Admit) -> Refused | None:
    # An admission in doubt was given up (or even ran): whatever comes for its id later must not run again.
    if call.job_id in state.holds or call.job_id in state.ended:
        return Refused(
            code="ledger_unavailable", message="This call could not be admitted. Send it again.", retry_after_s=1
        )
    return None


def earlier_call(state: State, call: Admit, now_us: int) -> Refused | None:
    if call.idempotency_key is None:
        return None
    earlier = state.idempotency.get((call.account_id, call.idempotency_key))
    if earlier is None or now_us - earlier.created_us >= IDEMPOTENCY_LIFETIME_US:
        return None
    if earlier.body_hash != call.body_hash:
        return Refused(
            code="idempotency_mismatch",
            message="This Idempotency-Key was used with another request. Send a new key for a new request.",
        )
    if earlier.voided:
        return None
    return Refused(
        code="idempotency_conflict",
        message=f"This Idempotency-Key belongs to job {earlier.job_id}, which is running or has completed; answers are "
        "not kept. See the job's receipt, or send a new key to run the request again.",
        job_id=earlier.job_id,
    )


def scope_refusal(key: KeyRow, call: Admit) -> Refused | None:
    if key.cidrs is not None and not _address_allowed(key, call.address):
        return Refused(
            code="address_not_allowed",
            message="This API key may not be used from this address. Use an allowed one, or change the key's address "
            "ranges.",
        )
    if key.models is not None and call.model not in key.models:
        return Refused(
            code="model_not_allowed",
            message=f"This API key may not use the model {call.model}. Use an allowed one, or change the key's models.",
        )
    return None


def _address_allowed(key: KeyRow, address: IPv4Address | IPv6Address | None) -> bool:
    if address is None or key.cidrs is None:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in key.cidrs)


def account_model_rate_refusal(state: State, call: Admit, account: AccountRow, now_us: int) -> Refused | None:
    """The limit of requests per minute that a model has for each account."""
    most = call.account_model_requests
    if most is None:
        return None
    minute = account.meter.minute
    made, before = (state.account_model_minute.get((account.id, call.model, each), 0) for each in (minute, minute - 1))
    if Meter(requests=made, requests_before=before).requests_in_window(now_us) + 1 <= most:
        return None
    wait_s = seconds_until_fits(made, before, 1, most, now_us)
    return Refused(
        code="rate_limit_exceeded",
        message=f"An account may make {most} requests per minute to {call.model}. Try again in {wait_s} s, or use "
        "another model.",
        limit="model_requests_per_minute",
        retry_after_s=wait_s,
    )


def account_model_refusal(
    state: State, call: Admit, account: AccountRow, hold_nano: int, now_us: int
) -> Refused | None:
    cap_nano = call.account_model_cap_nano
    if cap_nano is None or hold_nano == 0:
        return None
    used_nano = state.account_model_day.get((account.id, call.model, account.meter.day), 0)
    if used_nano + hold_nano <= cap_nano:
        return None
    what = f"what an account may spend on {call.model} per day"
    return limits.spend_refusal("model_daily_spend_per_account", what, cap_nano, used_nano, hold_nano, now_us)


def model_refusal(call: Admit, hold_nano: int, now_us: int) -> Refused:
    # How much of the whole deployment's cap is used is not the customer's to know.
    assert call.model_cap is not None
    return Refused(
        code="spend_limit_exceeded",
        message=f"The daily limit of {call.model} has no room for a call that may cost {format_amount(hold_nano)}. It "
        "starts anew at midnight UTC; use another model, or lower max_tokens.",
        limit="model_daily_spend",
        retry_after_s=seconds_until_next_day(now_us),
        required_nano=hold_nano,
    )


def balance_refusal(call: Admit, account: AccountRow, key: KeyRow, hold_nano: int) -> Refused:
    if not key.sees_balance:
        return Refused(
            code="insufficient_credits",
            message=f"This call may cost {format_amount(hold_nano)}, more than the credit that is available. Add "
            "credit, or lower max_tokens.",
            required_nano=hold_nano,
        )
    available_nano = max(0, account.spendable_nano)
    paid_for = call.quote.affordable_output_tokens(available_nano)
    most = call.bound.most if paid_for is None else max(0, min(call.bound.most, paid_for))
    advice = f"or lower max_tokens to {most} or less" if most else "or send less input"
    return Refused(
        code="insufficient_credits",
        message=f"This call may cost {format_amount(hold_nano)}, but {format_amount(available_nano)} is available. Add "
        f"credit, {advice}.",
        required_nano=hold_nano,
        available_nano=available_nano,
        most_output_tokens=most,
    )


def refusal_row(call: Admit, code: str) -> NewRefusal:
    return NewRefusal(
        account_id=call.account_id,
        job_id=call.job_id,
        key_id=call.key_id,
        endpoint=call.endpoint,
        model=call.model,
        status=STATUS_BY_CODE[code],
        code=code,
    )


def no_channel(model: str) -> Refused:
    """All routes are stopped, unhealthy or out of caps."""
    return Refused(
        code="no_channel_available",
        message=f"No channel has room for {model} now. Try again in {_NO_CHANNEL_RETRY_S} s, or use another model.",
        retry_after_s=_NO_CHANNEL_RETRY_S,
    )


def hold_gone() -> Refused:
    """The job was ended by its deadline, or by a sweep that took its worker for dead."""
    return Refused(code="timeout", message="This call ran longer than its credit may be held. Send a smaller request.")
