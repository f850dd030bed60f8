"""What goes over the wire about the site itself."""

from pydantic import BaseModel

from farebox.domain.policies.site import SitePolicy
from farebox.notices.site_text import TextKind


class LinkView(BaseModel):
    """A link; `qr`: to be shown as a picture to be scanned."""

    title: str
    url: str
    qr: bool


class SiteView(BaseModel):
    """Name and contacts, the base URL of calls, the unit of account, and of which kinds a text is published."""

    name: str
    operator: str
    contact_mail: str
    links: list[LinkView]
    base_url: str
    unit: str
    texts: list[TextKind]


def site_view(site: SitePolicy, public_url: str, unit: str, texts: list[TextKind]) -> SiteView:
    return SiteView(
        name=site.name,
        operator=site.operator,
        contact_mail=site.contact_mail,
        links=[LinkView(title=link.title, url=link.url, qr=link.qr) for link in site.links],
        base_url=public_url,
        unit=unit,
        texts=texts,
    )
