"""Who is served, by country and policy."""

import pytest

from farebox.domain.policies.identity import RegionPolicy
from farebox.domain.region import is_served


@pytest.mark.parametrize(
    ("policy", "country", "served"),
    [
        (RegionPolicy(), "CN", True),
        (RegionPolicy(unknown_address="refuse"), "", True),  # where nobody is refused, nobody is asked
        (RegionPolicy(refused_countries=("CN",)), "CN", False),
        (RegionPolicy(refused_countries=("CN",)), "HK", True),  # a territory with a code of its own
        (RegionPolicy(refused_countries=("CN",)), "", True),
        (RegionPolicy(refused_countries=("CN",), unknown_address="refuse"), "", False),
        (RegionPolicy(refused_countries=("CN",), unknown_address="refuse"), "DE", True),
    ],
)
def test_who_is_served(policy: RegionPolicy, country: str, served: bool):
    """Refused countries are not; unknown ones as the policy says, and only where some country is refused."""
    assert is_served(policy, country) is served
