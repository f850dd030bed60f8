"""Stage 3: what a call may cost at worst, and the ways to carry it out. Pure: facts in, an operation of the till out.

It knows no request bytes beyond their counts and asks nobody.
"""

import hashlib
from uuid import UUID

import msgspec

from farebox.catalog.snapshot import Channel, Model, ProviderCaps, Snapshot, TokensPerKilobyte
from farebox.catalog.terms import Terms
from farebox.dialects.exchange import ByteCount, ParsedRequest
from farebox.dialects.model_facts import is_known_to_think_unseen
from farebox.domain.errors import Refusal
from farebox.domain.money import PPM
from farebox.domain.policy import AdmissionPolicy
from farebox.domain.pricing import PerTokenCard, RateCard, quote, quote_rates
from farebox.gateway.authenticate import Caller
from farebox.gateway.crossing import Crossing
from farebox.till.operations import Admit, Cap, Offer, OutputBound
from farebox.upstream.route import Candidate

CAUTIOUS = TokensPerKilobyte()
# What usual text has; used where tokens must be counted locally to be *charged*, so it must not err to our side.
USUAL = TokensPerKilobyte(ascii=240, cjk=300, other=340, sign=240)

_LONGEST_IDEMPOTENCY_KEY = 255
# Fields that turn reasoning on, and their values that do not.
_THINKING_FIELDS = frozenset({"reasoning_effort", "reasoning", "thinking", "enable_thinking", "thinking_budget"})
_OFF = frozenset({b"null", b"false", b'"none"', b"{}", b"0"})
_CONFIGS = frozenset({"generationConfig", "generation_config"})
_THINKING_CONFIG = b"thinking"


class Quoted(msgspec.Struct, frozen=True):
    """A call ready to be admitted, with all that its settlement will need."""

    admit: Admit
    parsed: ParsedRequest
    model: Model
    card: RateCard
    candidates: tuple[Candidate, ...]  # offer number i of `admit` is candidate number i
    crossings: tuple[Crossing, ...]  # one for each candidate
    usual_input_tokens: int
    thinks_unseen: bool = False
    is_test: bool = False


def model_on_sale(snapshot: Snapshot, name: str, unix_ms: int) -> tuple[Model, RateCard]:
    """The model and the rate card in force; a Refusal when it cannot be called at all."""
    model = snapshot.models.get(name)
    if model is None or not model.enabled:
        raise Refusal(
            "model_not_found",
            f"The model '{_shown(name)}' does not exist; GET /v1/models lists those that do.",
            param="model",
        )
    stop = snapshot.stop_for(name)
    if stop is not None:
        what = "All models are" if stop.scope == "all" else "This model is"
        raise Refusal("emergency_stop", f"{what} stopped for now; try again later.", retry_after_s=30)
    card = model.card_at(unix_ms)
    if card is None:
        raise Refusal(
            "model_not_found",
            f"The model '{_shown(name)}' is not on sale yet.",
            param="model",
            detail="the model has no rate card in force",
        )
    return model, card


def quote_call(
    *,
    job_id: UUID,
    caller: Caller,
    parsed: ParsedRequest,
    model: Model,
    terms: Terms,
    candidates: tuple[Candidate, ...],
    crossings: tuple[Crossing, ...],
    snapshot: Snapshot,
    policy: AdmissionPolicy,
    idempotency_key: bytes | None,
) -> Quoted:
    """The admission to ask the till for. Test keys are quoted at nothing and limited like any other."""
    card = terms.card
    if caller.key.kind == "test":
        card = msgspec.structs.replace(card, factor_ppm=0)
    input_tokens = estimate_tokens(parsed.text, model.tokens_per_kilobyte or CAUTIOUS)
    has_media = parsed.text.media_tokens > 0 or parsed.media is not None
    pieces = None if parsed.media is None else parsed.media.most
    unseen = may_think_unseen(parsed, model, card, candidates)
    return Quoted(
        admit=Admit(
            job_id=job_id,
            account_id=caller.key.account_id,
            key_id=caller.key.id,
            catalogue_version=snapshot.version,
            endpoint=parsed.endpoint,
            model=model.name,
            stream=parsed.stream,
            rate_card_id=card.id,
            factor_ppm=card.factor_ppm,
            quote=quote(card, input_tokens, answers=parsed.answers, media=has_media, pieces=pieces),
            bound=output_bound(parsed, model, policy, thinks_unseen=unseen),
            input_tokens=input_tokens,
            offers=_offers(candidates, snapshot, parsed, input_tokens, media=has_media),
            hold_lifetime_s=policy.hold_lifetime_s,
            model_cap=None if model.daily_cap_nano is None else _daily_cap(f"model:{model.name}", model.daily_cap_nano),
            account_model_cap_nano=model.account_daily_cap_nano,
            address=caller.address,
            idempotency_key=_idempotency_key(idempotency_key, parsed),
            body_hash=hashlib.sha256(parsed.raw).digest() if idempotency_key is not None else b"",
            priced_from_us=0 if terms.from_ms == 0 else (terms.from_ms - snapshot.ahead_ms) * 1000,
            priced_until_us=None if terms.until_ms is None else (terms.until_ms - snapshot.ahead_ms) * 1000,
            group=caller.key.group,
            account_model_requests=model.account_requests_per_minute,
        ),
        parsed=parsed,
        model=model,
        card=card,
        candidates=candidates,
        crossings=crossings,
        usual_input_tokens=min(input_tokens, estimate_tokens(parsed.text, USUAL)),
        thinks_unseen=unseen,
        is_test=caller.key.kind == "test",
    )


def estimate_tokens(text: ByteCount, rate: TokensPerKilobyte) -> int:
    """Tokens of an input by class of byte; never more than its bytes, because a token has at least one."""
    words = text.ascii - text.signs
    count = words * rate.ascii + text.signs * rate.sign + text.cjk * rate.cjk + text.other * rate.other
    return min(-(-count // 1024), text.ascii + text.cjk + text.other) + text.media_tokens


def may_think_unseen(parsed: ParsedRequest, model: Model, card: RateCard, candidates: tuple[Candidate, ...]) -> bool:
    """Whether the answer may cost many tokens of which no bytes tell: reasoning that the provider keeps to itself.

    Any sign is enough: the request asks for it, jobs have taught it, reasoning has a price, or the provider's name of
    the model is known for it. A request that asks for none is not believed, since not every server obeys.
    """
    if model.thinks_unseen or asks_to_think(parsed):
        return True
    if isinstance(card.rates, PerTokenCard) and card.rates.prices.reasoning is not None:
        return True
    return any(is_known_to_think_unseen(candidate.route.upstream_model) for candidate in candidates)


def asks_to_think(parsed: ParsedRequest) -> bool:
    """Whether a field of the request, in any dialect, turns reasoning on."""
    raw, spans = parsed.raw, parsed.spans
    for name in spans.keys() & _THINKING_FIELDS:
        start, end = spans[name]
        if raw[start:end] not in _OFF and b'"disabled"' not in raw[start:end]:
            return True
    return any(_THINKING_CONFIG in raw[slice(*spans[name])].lower() for name in spans.keys() & _CONFIGS)


def output_bound(
    parsed: ParsedRequest, model: Model, policy: AdmissionPolicy, *, thinks_unseen: bool = False
) -> OutputBound:
    """How many output tokens (of one answer) to pay for ahead.

    A stream whose growth can be seen starts with a step. One that may think unseen cannot be extended before its hold
    is used up, because nobody sees it being used: it is held, and bounded at the provider, like a plain call.
    """
    if parsed.endpoint == "embeddings":
        return OutputBound(most=0, fixed=True, least=0)
    asked = parsed.most_output_tokens
    most = output_cap(model, policy.default_most_output_tokens if asked is None else asked)
    if asked is not None:
        # Never held for more than the model can give, whatever the client allowed.
        return OutputBound(most=min(asked, most), fixed=True, least=min(asked, most))
    least = min(policy.least_useful_output_tokens, most)
    if not parsed.stream or thinks_unseen:
        return OutputBound(most=most, fixed=False, least=least)
    step = max(least, min(model.first_step_tokens or policy.first_step_output_tokens, most))
    return OutputBound(most=most, fixed=False, least=least, first_step=step)


def output_cap(model: Model, unknown: int) -> int:
    """The most output tokens that one answer of this model can have; `unknown` where the operator did not say."""
    most = model.most_output_tokens or unknown
    return most if model.context_tokens is None else min(most, model.context_tokens)


def _offers(
    candidates: tuple[Candidate, ...], snapshot: Snapshot, parsed: ParsedRequest, input_tokens: int, *, media: bool
) -> tuple[Offer, ...]:
    """One offer per candidate; the keys of one channel share theirs."""
    offers: list[Offer] = []
    latest: Candidate | None = None
    for candidate in candidates:
        # The keys of one channel stand next to each other.
        if latest is None or candidate.route is not latest.route:
            latest = candidate
            offer = Offer(
                channel_id=candidate.route.channel_id,
                cost=quote_rates(
                    candidate.route.cost,
                    PPM,
                    input_tokens,
                    answers=parsed.answers,
                    media=media,
                    pieces=None if parsed.media is None else parsed.media.most,
                ),
                caps=_caps(candidate.channel, snapshot.providers.get(candidate.channel.provider)),
            )
        offers.append(offer)
    return tuple(offers)


def _caps(channel: Channel, provider: ProviderCaps | None) -> tuple[Cap, ...]:
    if (
        channel.daily_cap_nano is None
        and channel.concurrency is None
        and (provider is None or (provider.daily_cap_nano is None and provider.concurrency is None))
    ):
        return ()  # the usual case, on the way of every call
    caps = [_daily_cap(f"channel:{channel.id}", channel.daily_cap_nano)] if channel.daily_cap_nano is not None else []
    if channel.concurrency is not None:
        caps.append(Cap(f"channel_jobs:{channel.id}", channel.concurrency, daily=False))
    if provider is not None:
        caps.append(_daily_cap(f"provider:{provider.name}", provider.daily_cap_nano))
        if provider.concurrency is not None:
            caps.append(Cap(f"provider_jobs:{provider.name}", provider.concurrency, daily=False))
    return tuple(cap for cap in caps if cap is not None)


def _daily_cap(scope: str, most: int | None) -> Cap | None:
    return None if most is None else Cap(scope, most, daily=True)


def _idempotency_key(given: bytes | None, parsed: ParsedRequest) -> str | None:
    """The client's key for a plain call; streams cannot be repeated and have none. Who asks for sound asks plainly."""
    if given is None or (parsed.stream and parsed.endpoint != "audio.speech"):
        return None
    text = given.decode("latin-1")
    if not 0 < len(text) <= _LONGEST_IDEMPOTENCY_KEY or not text.isascii() or not text.isprintable():
        raise Refusal(
            "invalid_request",
            f"Idempotency-Key must be 1 to {_LONGEST_IDEMPOTENCY_KEY} printable ASCII characters.",
            param="idempotency-key",
        )
    return text


def _shown(name: str) -> str:
    """A model name as a message may repeat it."""
    return "".join(character for character in name[:64] if character.isprintable())
