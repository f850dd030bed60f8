"""How calls find their provider: hedging of late calls, and probes of channels that nobody calls."""

from typing import Annotated, Literal

import msgspec

Hedging = Literal["off", "after_ms", "quantile"]
Probing = Literal["off", "models", "call"]
EndUserId = Literal["off", "account"]


class RoutingPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What routing may spend on being quick and on knowing what works, and what it tells of who asks.

    `hedge`: a plain call whose answer is late is sent to a second channel, too; the first good answer wins and the
    customer pays for that one alone. Late is `hedge_after_ms`, or the `hedge_quantile` of the channel's latest answers
    for the model once there are enough of them.
    `probe`: channels that are shut off, or that no call has reached for `probe_idle_s`, are asked for their list of
    models, or for one token (`call`), which costs next to nothing and proves more.
    `end_user_id`: providers that take one are told a digest of the account with each conversation, in place of what the
    client may have sent there, so that what they complain of can be traced to one customer (domain/end_user.py).
    """

    hedge: Hedging = "off"
    hedge_after_ms: Annotated[int, msgspec.Meta(ge=50, le=600_000)] = 10_000
    hedge_quantile: Annotated[float, msgspec.Meta(ge=0.5, le=0.999)] = 0.95
    probe: Probing = "models"
    probe_idle_s: Annotated[float, msgspec.Meta(ge=10, le=86_400)] = 300.0
    end_user_id: EndUserId = "off"
