"""The one tree of errors that Farebox gives to people, with stable codes.

    FareboxError
    ├── InvalidAmount            a number that cannot be money
    ├── CommandError             bad use of the command line or a failed command
    │   └── ActionRefused        an action of a person that the rules refuse: carries a status and a stable code
    ├── LedgerError
    │   └── IdempotencyConflict  same key, other input
    └── Refusal                  a call that is refused: carries an HTTP status and a stable code

`message` is for the customer and says what to do next. `detail` is for the operator's log only and never carries
content or secrets. Dialects turn a Refusal into their own wire shape; nobody else maps codes to HTTP.
"""

from collections.abc import Mapping

from farebox.domain.refusal_codes import RefusalCode


class FareboxError(Exception):
    """Base of all errors that we raise on purpose."""


class InvalidAmount(FareboxError, ValueError):
    """A number that cannot be an amount or a price."""


class CommandError(FareboxError):
    """A command that cannot be carried out; its text is the one line the operator sees."""


class ActionRefused(CommandError):
    """An action that the rules refuse, in the control plane or on the command line; nothing was changed.

    `code` is for programs and stays; the message says what to do next; `field` names the input that is wrong;
    `retry_after_s` tells when the same may be tried again. `values` are the limits, amounts and moments of the message,
    for whoever says it in another language: a name that ends in `_amount` is an amount in our unit, in `_at` a moment.
    """

    def __init__(
        self,
        code: RefusalCode,
        message: str,
        *,
        status: int = 409,
        field: str | None = None,
        retry_after_s: int | None = None,
        values: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.field = field
        self.retry_after_s = retry_after_s
        self.values = dict(values or {})


class LedgerError(FareboxError):
    """A posting that the ledger refuses; nothing was written."""


class IdempotencyConflict(LedgerError):
    """The idempotency key was used before with other input."""


class Refusal(FareboxError):
    """A call that is refused or has failed, as the customer is to see it.

    `extra` holds additional fields of the error object (such as `required`, `available`, `max_tokens`), `headers`
    additional answer headers (such as retry-after).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        param: str | None = None,
        retry_after_s: int | None = None,
        extra: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = STATUS_BY_CODE[code] if status is None else status
        self.message = message
        self.param = param
        self.retry_after_s = retry_after_s
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        self.detail = detail


# The table of the API. A code is for programs and never changes; the message is for people and may.
STATUS_BY_CODE = {
    "invalid_request": 400,
    "invalid_api_key": 401,
    "key_revoked": 401,
    "key_expired": 401,
    "insufficient_credits": 402,
    "account_frozen": 403,
    "model_not_allowed": 403,
    "address_not_allowed": 403,
    "terms_not_accepted": 403,
    "email_not_verified": 403,
    "approval_pending": 403,
    "balance_hidden": 403,
    "not_found": 404,
    "model_not_found": 404,
    "job_not_found": 404,
    "method_not_allowed": 405,
    "idempotency_conflict": 409,
    "request_too_large": 413,
    "idempotency_mismatch": 422,
    "rate_limit_exceeded": 429,
    "spend_limit_exceeded": 429,
    "concurrency_limit_exceeded": 429,
    "headers_too_large": 431,
    "region_not_served": 451,
    "internal_error": 500,
    "provider_error": 502,
    "emergency_stop": 503,
    "no_channel_available": 503,
    "ledger_unavailable": 503,
    "timeout": 504,  # 408 where the client was the slow one
}
