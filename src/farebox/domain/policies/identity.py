"""Who may become a customer and stay one: sign-up, regions, terms."""

from typing import Literal

import msgspec

from farebox.domain.policies.kinds import Amount, Count, Country, Days


class SignUpPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How accounts come about. A new account's credit is promotional: spent first, never refunded."""

    mode: Literal["open", "invited", "approved"] = "open"
    verified_email: bool = True  # nothing can be called or bought before the address is verified
    disposable_mail: Literal["accept", "refuse"] = "accept"
    least_age: Count = 0  # 0 asks for no statement
    accurate_details: bool = False  # asks for the statement that all details are accurate
    # Several accounts of one person: allowed; allowed, and a signal; not without the operator's approval.
    accounts_per_person: Literal["any", "signal", "approval"] = "any"
    proof_of_work: bool = True
    credit: Amount = "0"
    credit_days: Days = 0  # 0: does not expire


class RegionPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where nobody is served. By address at sign-up, sign-in and calls; by payment country and own statement."""

    refused_countries: tuple[Country, ...] = ()
    unknown_address: Literal["serve", "refuse"] = "serve"
    # A payment's country or the member's own statement: the account is suspended with a reason, its balance kept.
    payment_or_statement: Literal["suspend", "note"] = "suspend"


class TermsPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new version takes effect after the notice; going on is acceptance by use, is recorded, and stops nothing."""

    notice_days: Days = 7
    mail: Literal["all", "with_balance", "none"] = "all"
