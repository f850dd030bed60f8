"""Whether somebody from a country is served: the one rule behind sign-up, sign-in and calls."""

from farebox.domain.policies.identity import RegionPolicy


def is_served(policy: RegionPolicy, country: str) -> bool:
    """`country` is ISO 3166-1 alpha-2; '' is not known, and counts as the policy says."""
    if not policy.refused_countries:
        return True
    if not country:
        return policy.unknown_address == "serve"
    return country not in policy.refused_countries
