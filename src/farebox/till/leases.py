"""This worker's slices of the caps that all workers share.

A slice is debited in the shared row before it is used, and used from memory. Whatever happens between the two, a cap
can only seem fuller than it is, never emptier: amounts leave memory before they are given back, and enter it after
they were taken.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from farebox.storage.database import Connection
from farebox.till import lease_store
from farebox.till.operations import Cap

# The share of a cap that is leased ahead. Smaller: more statements; larger: more of the cap idles with other workers.
_SLICE_PARTS = 50
_IDLE_S = 1.0
_EXHAUSTED_S = 1.0


class _Slice:
    """What this worker holds of one scope: `leased` in all, `left` of it unused."""

    __slots__ = ("day", "leased", "left", "used_at_s")

    def __init__(self, day: int) -> None:
        self.day = day
        self.leased = 0
        self.left = 0
        self.used_at_s = 0.0


class Leases:
    """The slices of one worker. Times are monotonic seconds; a day is the database's, 0 for caps without a window."""

    def __init__(self) -> None:
        self._slices: dict[str, _Slice] = {}
        self._exhausted_until_s: dict[str, float] = {}
        self._known: set[tuple[str, int]] = set()
        # Whether a statement that takes or gives back was not answered.
        self._unsure = False
        # Jobs admitted against these slices and not counted as ended yet.
        self.claimed: set[UUID] = set()
        self._catalogue_version = 0

    def left(self, day: int) -> dict[str, int]:
        """What may still be used by scope; slices of days that are over count for nothing."""
        return {scope: held.left for scope, held in self._slices.items() if held.day in (0, day)}

    def exhausted(self, now_s: float) -> frozenset[str]:
        if not self._exhausted_until_s:
            return frozenset()
        self._exhausted_until_s = {
            scope: until_s for scope, until_s in self._exhausted_until_s.items() if until_s > now_s
        }
        return frozenset(self._exhausted_until_s)

    def use(self, amounts: Mapping[str, int], day: int, now_s: float) -> None:
        """Account for what a committed batch used or, negative, gave back."""
        for scope, amount in amounts.items():
            held = self._slices.get(scope)
            if held is not None and held.day in (0, day):
                # Never more than was leased: a job admitted under a slice that is gone has nothing to give back.
                held.left = min(held.left - amount, held.leased)
                held.used_at_s = now_s

    async def acquire(
        self,
        connection: Connection,
        worker_id: UUID,
        needed: Mapping[str, int],
        caps: Mapping[str, Cap],
        day: int,
        now_s: float,
    ) -> None:
        """Lease what is needed in all and some ahead; a scope of which not enough is left counts as exhausted."""
        wants = [self._want(caps[scope], amount, day) for scope, amount in needed.items()]
        unknown = [(scope, cap_day) for scope, cap_day, _, _ in wants if (scope, cap_day) not in self._known]
        if unknown:
            await lease_store.ensure_meters(connection, unknown)
            self._known = {known for known in self._known if known[1] in (0, day)} | set(unknown)
        unsure, self._unsure = self._unsure, True
        granted = await lease_store.take(connection, worker_id, wants)
        self._unsure = unsure
        for scope, cap_day, _, _ in wants:
            held = self._slice(scope, cap_day)
            held.leased += granted.get(scope, 0)
            held.left += granted.get(scope, 0)
            held.used_at_s = now_s
            if held.left < needed[scope]:
                self._exhausted_until_s[scope] = now_s + _EXHAUSTED_S

    async def reconcile(self, connection: Connection, worker_id: UUID) -> None:
        """After a connection was lost: give back what was taken, or not given back, without our hearing of it.

        Only of caps on jobs at once: what is lost of a daily cap counts as used until midnight, like a dead worker's.
        """
        if not self._unsure:
            return
        noted = await lease_store.noted(connection, worker_id)
        surplus: list[lease_store.Amount] = []
        for scope, leased in noted.items():
            held = self._slices.get(scope)
            more = leased - (held.leased if held is not None and held.day == 0 else 0)
            if more > 0:
                surplus.append((scope, 0, more))
        if surplus:
            await lease_store.give_back(connection, worker_id, surplus)
        self._unsure = False

    async def give_back_idle(self, connection: Connection, worker_id: UUID, now_s: float) -> None:
        """Give back what has not been used for a second."""
        idle = [scope for scope, held in self._slices.items() if held.left > 0 and now_s - held.used_at_s > _IDLE_S]
        await self._give_back(connection, worker_id, idle)

    async def give_back_all(self, connection: Connection, worker_id: UUID) -> None:
        """Give back all that is unused: at the end, or because caps have changed."""
        await self._give_back(connection, worker_id, list(self._slices))

    def changed_since(self, catalogue_version: int) -> bool:
        """Whether the caps may be others than when the slices were leased; remembers the version."""
        changed = self._catalogue_version not in (0, catalogue_version)
        self._catalogue_version = catalogue_version
        return changed

    def forget(self) -> None:
        """Others have given back what this worker held, because it was declared dead."""
        self._slices.clear()
        self._exhausted_until_s.clear()
        self.claimed.clear()
        self._unsure = False

    def _want(self, cap: Cap, needed: int, day: int) -> lease_store.Want:
        cap_day = day if cap.daily else 0
        missing = needed - self._slice(cap.scope, cap_day).left
        return (cap.scope, cap_day, max(missing, cap.most // _SLICE_PARTS, 0), cap.most)

    def _slice(self, scope: str, day: int) -> _Slice:
        held = self._slices.get(scope)
        if held is None or held.day != day:
            # Yesterday's slice stays counted in yesterday's row.
            held = self._slices[scope] = _Slice(day)
        return held

    async def _give_back(self, connection: Connection, worker_id: UUID, scopes: Iterable[str]) -> None:
        amounts: list[lease_store.Amount] = []
        for scope in scopes:
            held = self._slices[scope]
            if held.left > 0:
                amounts.append((scope, held.day, held.left))
                held.leased -= held.left
                held.left = 0
            if held.leased == 0:
                del self._slices[scope]
        if amounts:
            unsure, self._unsure = self._unsure, True
            await lease_store.give_back(connection, worker_id, amounts)
            self._unsure = unsure
