"""What endpoints need, made once by boot and handed to every endpoint."""

from typing import Annotated

import httpx
import msgspec
from fastapi import Depends, Request

from farebox.control.recent import Recent
from farebox.domain.policy import Policy
from farebox.identity.settings import OidcSettings
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.kit.geo import Geo
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.notices.settings import MailSettings
from farebox.payments.events import Providers
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.storage.database import Pool


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Handed down, never looked up: no endpoint makes a connection or reads configuration for itself."""

    pool: Pool
    policy: Policy
    ids: IdSource
    clock: Clock
    seal: Seal
    salt: bytes  # of digests of personal values (audit/record.py)
    ledger: Ledger
    logger: Logger
    public_url: str  # where people reach us, without a slash at the end
    http: httpx.AsyncClient  # for calls to payment and identity providers; never to addresses that customers give
    payments: Providers = {}  # payment providers by name, those with credentials
    stripe: StripeSettings | None = None
    creem: CreemSettings | None = None
    mail: MailSettings | None = None
    oidc: tuple[OidcSettings, ...] = ()
    upstream_proxy: str | None = None  # of the calls that try a channel
    recent: Recent = msgspec.field(default_factory=Recent)  # what everybody may see, kept for seconds
    geo: Geo | None = None  # None: countries of addresses are not looked up

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Here = Annotated[Services, Depends(services_of)]
