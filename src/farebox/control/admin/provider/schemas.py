"""What goes over the wire about providers."""

from pydantic import BaseModel

from farebox.catalog.caps import SupplyCaps
from farebox.catalog.snapshot import Snapshot
from farebox.control.admin.channels.schemas import CapsView, caps_view


class ProviderView(BaseModel):
    """A provider, with the caps over all its channels."""

    name: str
    stopped: bool
    channels: list[str]
    caps: CapsView


class ProviderList(BaseModel):
    """All providers, by name."""

    data: list[ProviderView]


def provider_view(name: str, snapshot: Snapshot) -> ProviderView:
    known = snapshot.providers.get(name)
    caps = SupplyCaps(None, None) if known is None else SupplyCaps(known.daily_cap_nano, known.concurrency)
    return ProviderView(
        name=name,
        stopped=any(
            stop.scope == "all" or (stop.scope == "provider" and stop.target == name) for stop in snapshot.stops
        ),
        channels=sorted(channel.name for channel in snapshot.channels.values() if channel.provider == name),
        caps=caps_view(caps),
    )
