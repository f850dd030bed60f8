"""The table 'What each ending costs', cell by cell."""

import pytest
from tests.unit.gateway.facts import PER_TOKEN, a_model, a_quoted, a_request, an_admission

from farebox.dialects.exchange import Media
from farebox.domain.pieces import ImagePrice, PiecePrices, Pieces
from farebox.domain.policy import EndingPolicy
from farebox.domain.pricing import ContextTier, PerCallCard, PerTokenCard, TokenPrices, price
from farebox.domain.usage import Usage
from farebox.gateway.settle import Charged, Ending, Progress, Reach, credible, settlement, what_is_charged
from farebox.till.operations import Settle, Void

PLAIN, STREAM = False, True
DRAIN = EndingPolicy(plain_disconnect="drain", stream_disconnect="drain")
HOLD = EndingPolicy(stream_disconnect="hold")
PAID_CUT = EndingPolicy(provider_cut="delivered")
DEFAULT = EndingPolicy()
TIERS = PerCallCard(tiers=(ContextTier(None, 1000),))
GONE, SEEN = "client_disconnected", True
OUTLIVED = "timeout: the hold's own life"

TABLE: list[tuple[EndingPolicy, bool, str, bool, bool, object, Charged]] = [
    # policy, stream, outcome, dispatched, first data event seen, rates -> charged
    (DEFAULT, PLAIN, "completed", True, SEEN, PER_TOKEN, "used"),
    (DEFAULT, STREAM, "completed", True, SEEN, PER_TOKEN, "used"),
    (DEFAULT, PLAIN, "provider_error", True, False, PER_TOKEN, "nothing"),
    (DEFAULT, STREAM, "provider_error", True, False, PER_TOKEN, "nothing"),
    (DEFAULT, PLAIN, "refused", True, False, PER_TOKEN, "nothing"),
    (DEFAULT, STREAM, "provider_cut", True, SEEN, PER_TOKEN, "nothing"),
    (PAID_CUT, STREAM, "provider_cut", True, SEEN, PER_TOKEN, "used"),
    (PAID_CUT, STREAM, "provider_cut", True, False, PER_TOKEN, "nothing"),
    (DEFAULT, PLAIN, "timeout", True, False, PER_TOKEN, "nothing"),
    (PAID_CUT, PLAIN, "timeout", True, SEEN, PER_TOKEN, "nothing"),
    (DEFAULT, STREAM, "timeout", True, SEEN, PER_TOKEN, "nothing"),
    (PAID_CUT, STREAM, "timeout", True, SEEN, PER_TOKEN, "used"),
    (DEFAULT, STREAM, OUTLIVED, True, SEEN, PER_TOKEN, "used"),
    (DEFAULT, STREAM, OUTLIVED, True, False, PER_TOKEN, "nothing"),
    (DEFAULT, PLAIN, OUTLIVED, True, False, PER_TOKEN, "nothing"),
    (HOLD, STREAM, GONE, False, False, TIERS, "nothing"),
    (DEFAULT, PLAIN, GONE, False, False, PER_TOKEN, "nothing"),
    (DEFAULT, PLAIN, GONE, True, False, PER_TOKEN, "used"),
    (DRAIN, STREAM, GONE, True, SEEN, PER_TOKEN, "used"),
    (DEFAULT, STREAM, GONE, True, SEEN, PER_TOKEN, "used"),
    (HOLD, STREAM, GONE, True, SEEN, TIERS, "hold"),
    (HOLD, STREAM, GONE, True, SEEN, PER_TOKEN, "used"),
    (HOLD, PLAIN, GONE, True, False, TIERS, "used"),
    (DEFAULT, STREAM, "platform_error", True, SEEN, PER_TOKEN, "nothing"),
    (DEFAULT, PLAIN, "platform_error", False, False, PER_TOKEN, "nothing"),
]


@pytest.mark.parametrize(("policy", "stream", "outcome", "dispatched", "seen", "rates", "charged"), TABLE)
def test_each_ending_costs_what_the_table_says(
    policy: EndingPolicy, stream: bool, outcome: str, dispatched: bool, seen: bool, rates: object, charged: Charged
) -> None:
    """The policy's table is what is charged, whatever the code around it does."""
    outcome, _, outlived = outcome.partition(":")
    ending = Ending(outcome=outcome, is_dispatched=dispatched, saw_data=seen, has_outlived=bool(outlived))
    card = a_model(rates).cards[0].card
    assert what_is_charged(policy, ending, stream=stream, card=card) == charged


def _progress(hold_nano: int = 10**9) -> Progress:
    return Progress(
        hold_nano=hold_nano,
        output_tokens_held=100,
        candidate_index=0,
        finished_us=2_000_000,
        first_byte_ms=3,
        latency_ms=5,
    )


def test_reported_usage_is_priced_even_above_the_hold() -> None:
    """What the provider counted is the price; bounding it by hold and balance is the till's decision."""
    quoted = a_quoted()
    usage = Usage(input_tokens=10, output_tokens=20)
    ended = settlement(DEFAULT, quoted, an_admission(), _progress(hold_nano=1), Ending("completed", usage))
    assert isinstance(ended, Settle)
    assert ended.price_nano == price(quoted.card, usage).charge_nano == 50_000
    assert ended.usage_source == "provider"
    assert ended.cost_nano == 50_000


def test_estimated_usage_never_costs_more_than_the_hold() -> None:
    """Our own count is no ground to charge more than was set aside."""
    ending = Ending("completed", None, delivered_output_tokens=10**6)
    ended = settlement(DEFAULT, a_quoted(), an_admission(), _progress(hold_nano=1234), ending)
    assert isinstance(ended, Settle)
    assert ended.usage_source == "estimated"
    assert ended.price_nano == 1234


def test_local_count_of_the_input_is_the_usual_one_not_the_cautious_one() -> None:
    """Caution in the hold is for us; a charge without the provider's count must not profit from it."""
    quoted = a_quoted()
    ending = Ending("client_disconnected", None, delivered_output_tokens=0)
    ended = settlement(DEFAULT, quoted, an_admission(), _progress(), ending)
    assert isinstance(ended, Settle)
    assert ended.usage.input_tokens == quoted.usual_input_tokens < quoted.admit.input_tokens


def test_whole_hold_is_charged_with_context_tiers() -> None:
    """`hold` charges the hold as it had grown."""
    quoted = a_quoted(model=a_model(TIERS), request=a_request(stream=True))
    ended = settlement(HOLD, quoted, an_admission(), _progress(777), Ending("client_disconnected", saw_data=True))
    assert isinstance(ended, Settle)
    assert ended.price_nano == 777


def test_free_endings_keep_what_they_cost_the_operator() -> None:
    """A cut stream is free for the customer and still shows in the margin."""
    ending = Ending("provider_cut", Usage(input_tokens=10, output_tokens=20), saw_data=True)
    ended = settlement(DEFAULT, a_quoted(request=a_request(stream=True)), an_admission(), _progress(), ending)
    assert isinstance(ended, Void)
    assert ended.cost_nano == 50_000
    assert ended.outcome == "provider_cut"


@pytest.mark.parametrize(
    ("reach", "policy", "delivered", "output", "source"),
    [
        ("exact", DEFAULT, 5, 90, "provider"),
        ("short", DEFAULT, 50, 90, "provider"),
        ("short", DEFAULT, 95, 95, "estimated"),
        ("beyond", DEFAULT, 10, 70, "provider"),
        ("beyond", DEFAULT, 50, 90, "provider"),
        ("beyond", HOLD, 10, 70, "provider"),
        ("beyond", DRAIN, 10, 90, "provider"),
    ],
)
def test_how_far_the_providers_count_goes(
    reach: Reach, policy: EndingPolicy, delivered: int, output: int, source: str
) -> None:
    """A count from before the end is raised to what was delivered; one from after the client left is cut to that and
    the reasoning behind it, unless the policy reads on."""
    reported = Usage(input_tokens=5, output_tokens=90, reasoning_tokens=60)
    ending = Ending(GONE, reported, reach, delivered_output_tokens=delivered, saw_data=True)
    quoted = a_quoted(request=a_request(stream=True))
    ended = settlement(policy, quoted, an_admission(), _progress(), ending)
    assert isinstance(ended, Settle)
    assert (ended.usage.output_tokens, ended.usage_source) == (output, source)
    assert ended.usage.reasoning_tokens <= ended.usage.output_tokens


@pytest.mark.parametrize("count", [10**9, 1 << 63, 10**26])
def test_a_providers_count_is_a_claim(count: int) -> None:
    """No more input than the request has bytes and no more output than it allowed; a broken count takes no balance."""
    quoted = a_quoted(request=a_request())
    claimed = credible(quoted, Usage(input_tokens=count, cached_input_tokens=count, output_tokens=count))
    assert claimed.input_tokens <= len(quoted.parsed.raw) + 4_096
    assert claimed.cached_input_tokens <= claimed.input_tokens
    assert claimed.output_tokens == quoted.admit.bound.most * quoted.parsed.answers
    honest = Usage(input_tokens=5, output_tokens=3, reasoning_tokens=1)
    assert credible(quoted, honest) == honest


def test_an_image_of_another_size_is_charged_as_the_one_that_was_held() -> None:
    """A provider's word cannot raise the price above the hold, and the receipt adds up to the charge."""
    images = (ImagePrice(15 * 10**10, "large", "hd"), ImagePrice(10**10, "small", "low"))
    rates = PerTokenCard(TokenPrices(0, 0), pieces=PiecePrices(images=images))
    media = Media(most=Pieces(images=1, image_quality="low"), counted=Usage(), makes="image")
    quoted = a_quoted(model=a_model(rates), request=a_request(media=media))
    told = Usage(pieces=Pieces(images=1, image_size="large", image_quality="low"))
    ended = settlement(DEFAULT, quoted, an_admission(), _progress(), Ending(outcome="completed", reported=told))
    assert isinstance(ended, Settle)
    assert ended.price_nano == quoted.admit.quote.hold_nano(100) == 10_000_000
    assert price(quoted.card, ended.usage).charge_nano == ended.price_nano
