"""Asks providers what is left of the operator's prepaid balance, and warns before it runs out.

Providers that do not tell are not asked; one that gives no answer changes nothing of what was known.
"""

from farebox.catalog.snapshot import Channel
from farebox.catalog.store import load_snapshot
from farebox.domain.money import format_amount, parse_amount
from farebox.domain.policies.risk import AlarmPolicy
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.upstream.balance import Balance, ask_balance, tells_balance
from farebox.upstream.client import UpstreamClient
from farebox.upstream.limits import Timeouts
from farebox.worker.alarm import Alarm, Alarms

_TIMEOUTS = Timeouts(connect_s=5.0, first_byte_s=10.0, idle_s=5.0)


class ProviderBalances:
    """One channel after the other: nobody waits for it, and no transaction is open while a provider is asked."""

    def __init__(
        self, policy: AlarmPolicy, client: UpstreamClient, seal: Seal, proxy: str | None, ids: IdSource, logger: Logger
    ) -> None:
        self._least = policy.provider_balance
        self._client = client
        self._seal = seal
        self._proxy = proxy
        self._alarms = Alarms(ids, logger)
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        if self._least is None:
            return
        snapshot = await load_snapshot(connection)
        for channel in snapshot.channels.values():
            if not tells_balance(channel):
                continue
            alarms: list[Alarm] = []
            if channel.enabled:
                left = await ask_balance(self._client, channel, self._seal, _TIMEOUTS, proxy=self._proxy)
                if left is None:
                    self._logger.warning("provider_balance_unknown", channel=channel.name)
                    continue
                # Each currency pays for calls as long as it lasts.
                if all(each.amount_nano < parse_amount(self._least) for each in left):
                    alarms = [_low(channel, left)]
            await self._alarms.settle(connection, "provider_balance", f"channel:{channel.id}", alarms)


def _low(channel: Channel, left: tuple[Balance, ...]) -> Alarm:
    told = ", ".join(f"{format_amount(each.amount_nano)} {each.currency}" for each in left) or "nothing"
    return Alarm(
        kind="provider_balance",
        subject=f"channel:{channel.id}",
        title=f"The balance at {channel.provider} runs low",
        text=f"{told} is left for the channel {channel.name}. Add to it there, or its calls will fail.",
        facts={"channel": channel.name, "provider": channel.provider, "left": told},
    )
