"""How many calls more than its customers made a worker may send to providers."""


class RetryBudget:
    """Second attempts of one worker: each call earns a share of one, so that an outage is not multiplied.

    Fallbacks and hedges spend from the same budget. A hedge only makes a call faster, so it leaves half of the burst to
    those that would fail without a second attempt.
    """

    def __init__(self, share: float, burst: int) -> None:
        self._share = share
        self._burst = float(burst)
        self._left = float(burst)

    def earn(self) -> None:
        self._left = min(self._burst, self._left + self._share)

    def spend(self) -> bool:
        """For a fallback."""
        return self._take(0.0)

    def spend_on_hedge(self) -> bool:
        return self._take(self._burst / 2)

    def give_back(self) -> None:
        """What was spent came to nothing: there was no route to send on."""
        self._left = min(self._burst, self._left + 1.0)

    def _take(self, kept: float) -> bool:
        if self._left - 1.0 < kept:
            return False
        self._left -= 1.0
        return True
