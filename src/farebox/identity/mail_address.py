"""Mail addresses: which are taken, which mailbox they mean, and which domains are thrown away after use."""

import re
from functools import cache

from farebox.domain.errors import ActionRefused

LONGEST = 254
# RFC 5322's dot-atom at a domain of RFC 1035. Quoted and non-ASCII local parts are legal, and nobody's real address.
_FORM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LONGEST_LOCAL_PART = 64
# One provider's two names, where dots in a name mean nothing.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def check_address(text: str) -> str:
    """The address without blanks around it; ActionRefused when it is none."""
    address = text.strip()
    local, _, _ = address.rpartition("@")
    if len(address) > LONGEST or len(local) > _LONGEST_LOCAL_PART or not _FORM.fullmatch(address):
        raise ActionRefused("not_an_address", "This is no e-mail address.", status=422, field="email")
    return address


def mailbox_of(address: str) -> str:
    """The address without case, tag and dots that do not matter: equal for addresses that reach one mailbox."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        domain, local = _DOTLESS[domain], local.replace(".", "")
    return f"{local}@{domain}"


def is_disposable(address: str) -> bool:
    """Whether its domain, or one above it, is known to hand out addresses for a moment."""
    labels = address.strip().lower().rpartition("@")[2].rstrip(".").split(".")
    return any(".".join(labels[start:]) in _disposable_domains() for start in range(len(labels) - 1))


@cache
def _disposable_domains() -> frozenset[str]:
    # Loaded late: only the control process asks, and seldom.
    from disposable_email_domains import blocklist

    return frozenset(blocklist)
