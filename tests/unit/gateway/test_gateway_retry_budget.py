"""How much more than their customers' calls providers get."""

from hypothesis import given
from hypothesis import strategies as st

from farebox.gateway.retry_budget import RetryBudget


@given(
    st.floats(min_value=0, max_value=0.5),
    st.integers(min_value=0, max_value=50),
    st.lists(st.sampled_from(["call", "fallback", "hedge"]), max_size=300),
)
def test_second_attempts_are_a_share_of_the_calls(share: float, burst: int, events: list[str]) -> None:
    """Whatever fails or is late, and in whatever order: hedges and fallbacks together stay within share and burst."""
    budget = RetryBudget(share, burst)
    calls = extra = 0
    for event in events:
        if event == "call":
            budget.earn()
            calls += 1
        elif budget.spend() if event == "fallback" else budget.spend_on_hedge():
            extra += 1
        assert extra <= burst + share * calls + 1e-6


def test_hedges_leave_room_for_fallbacks() -> None:
    """However many calls are late, those that fail still find half of the burst."""
    budget = RetryBudget(0.0, 10)
    assert sum(budget.spend_on_hedge() for _ in range(100)) == 5
    assert sum(budget.spend() for _ in range(100)) == 5


def test_what_came_to_nothing_is_given_back() -> None:
    """Channels without room for a second call do not use up the budget of those that have some."""
    budget = RetryBudget(0.0, 4)
    for _ in range(10):
        assert budget.spend_on_hedge()
        budget.give_back()
    budget.give_back()
    assert sum(budget.spend() for _ in range(100)) == 4
