"""Models that are sold per call, over HTTP: by the tiers of the policy, or by their own."""

from typing import Any

from tests.support.control import running_control
from tests.support.postgres import TestDatabase

from farebox.domain.policies.pricing import PricingPolicy, TierPolicy
from farebox.domain.policy import Policy

POLICY = Policy(pricing=PricingPolicy((TierPolicy(up_to_input_tokens=1000, per_call="0.5"), TierPolicy(per_call="3"))))


async def test_prices_per_call_are_those_of_the_policy_unless_they_name_their_own(database: TestDatabase) -> None:
    """Given without tiers, a price has the policy's, and is shown with them; a provider's cost has to name its own."""
    async with running_control(database, POLICY) as control:
        staff = await control.operator("catalogue:write")
        channel = {"preset": "deepseek", "name": "main", "base_url": "https://1.1.1.1/v1", "api_key": "sk-0123456789"}
        assert (await staff.client.post("/admin/channels", json=channel)).status_code == 201
        route: dict[str, Any] = {"channel": "main", "upstream_model": "x"}
        rates = {"kind": "per_call", "multiplier": 4}
        made = await staff.client.post("/admin/models", json={"name": "m", "routes": [route], "rates": rates})
        assert made.status_code == 201, made.text
        tiers = [{"up_to_input_tokens": 1000, "per_call": "0.5"}, {"up_to_input_tokens": None, "per_call": "3"}]
        assert made.json()["rates"] == {"kind": "per_call", "tiers": tiers, "multiplier": 4}

        own = {"kind": "per_call", "tiers": [{"up_to_input_tokens": None, "per_call": "1"}]}
        changed = await staff.client.post("/admin/prices", json={"model": "m", "rates": own})
        assert changed.status_code == 201, changed.text
        tried = await staff.client.post("/admin/prices/preview", json={"model": "m", "rates": rates})
        assert tried.status_code == 200, tried.text

        costly = {"name": "n", "routes": [route | {"cost": {"kind": "per_call"}}], "rates": rates}
        refused = await staff.client.post("/admin/models", json=costly)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_price")
