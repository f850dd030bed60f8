"""The countries of addresses, for processes that ask: only where the policy refuses some is it loaded."""

import asyncio

from farebox.boot.config import Config
from farebox.kit.geo import Geo


async def load_geo(config: Config) -> Geo | None:
    """Off the event loop: it takes a third of a second."""
    if not config.policy.region.refused_countries:
        return None
    return await asyncio.to_thread(Geo, config.geo_file)
