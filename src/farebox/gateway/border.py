"""Whether anybody is served where a call comes from. In memory: the policy's countries, and addresses seen before."""

from farebox.domain.errors import Refusal
from farebox.domain.policies.identity import RegionPolicy
from farebox.domain.region import is_served
from farebox.gateway.address import Address
from farebox.kit.geo import Geo

_REMEMBERED = 50_000


class Border:
    """One worker's. Without a database of countries every address counts as unknown."""

    def __init__(self, policy: RegionPolicy, geo: Geo | None) -> None:
        self._policy = policy
        self._geo = geo
        self._known: dict[Address | None, bool] = {}

    def check(self, address: Address | None) -> None:
        """A Refusal (451) for a call from where nobody is served."""
        served = self._known.get(address)
        if served is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            country = "" if self._geo is None else self._geo.country_of(address)
            served = self._known[address] = is_served(self._policy, country)
        if not served:
            raise Refusal("region_not_served", "This service is not offered where this call comes from.")
