"""Which preset a channel belongs to, and that what the presets say of models, prices and requests is right."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from farebox.dialects.openai_extras import EVERY, EXTRAS
from farebox.domain.money import parse_price
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.presets import Preset, find_preset, preset_named, presets

FACTS = Path(__file__).parents[4] / "shared" / "data" / "model-prices.json"


@pytest.mark.parametrize("preset", presets().values(), ids=presets())
def test_every_preset_is_complete(preset: Preset) -> None:
    """A base URL that can be called, or the form of one; a host of its own where it has an address."""
    parse_endpoint(preset.base_url or preset.base_url_form or "", allow_private=True)
    if preset.base_url is not None:
        assert preset.is_at(parse_endpoint(preset.base_url).host)
        assert find_preset(preset.kind, "anyone", preset.base_url) is preset
    assert find_preset(preset.kind, preset.name, "http://10.0.0.1/v1") is preset
    assert all(preset_named(name) is preset for name in (preset.name, *preset.aliases))
    assert preset.request.bound in ("max_tokens", "max_completion_tokens", "maxOutputTokens")


def test_every_vendor_of_the_issue_has_a_preset() -> None:
    """The providers that an operator can name, and nobody twice."""
    wanted = "openai anthropic google openrouter alibaba bytedance deepseek mistral xai groq azure vllm ollama"
    assert set(wanted.split()) | {"openai-compatible"} == set(presets())
    names = [name for preset in presets().values() for name in (preset.name, *preset.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("kind", "provider", "base_url", "name"),
    [
        ("openai", "x", "https://me.openai.azure.com/openai/v1", "azure"),
        ("openai-compatible", "openai.azure.com", "https://me.openai.azure.com/openai/v1", "azure"),
        ("openai-compatible", "openrouter.ai", "https://openrouter.ai/api/v1", "openrouter"),
        ("openai-compatible", "groq", "https://openrouter.ai/api/v1", "openrouter"),
        ("openai-compatible", "groq", "https://proxy.example/v1", "groq"),
        ("openai-compatible", "10.0.0.1", "http://10.0.0.1:8000/v1", "openai-compatible"),
        ("openai-compatible", "x", "https://evilopenrouter.ai/api/v1", "openai-compatible"),
        ("openai", "openai", "https://proxy.example/v1", "openai"),
        ("anthropic", "x", "https://openrouter.ai/api", "anthropic"),
        ("gemini", "gemini", "https://proxy.example", "google"),
        ("simulator", "simulator", "simulator:", "openai-compatible"),
    ],
)
def test_the_address_then_the_provider_then_the_kind_decide(kind: str, provider: str, base_url: str, name: str) -> None:
    """A key is told, and a request written, as whoever really answers there wants it."""
    assert find_preset(kind, provider, base_url).name == name


@pytest.mark.parametrize(
    ("preset", "model", "adaptive", "schema", "level"),
    [
        ("anthropic", "claude-3-5-sonnet-20241022", False, False, True),
        ("anthropic", "anthropic.claude-3-7-sonnet-20250219-v1:0", False, False, True),
        ("anthropic", "claude-sonnet-4-20250514", False, False, True),
        ("anthropic", "claude-opus-4-1-20250805", False, True, True),
        ("anthropic", "claude-sonnet-4-5-20250929", False, True, True),
        ("anthropic", "claude-opus-4-6", True, True, True),
        ("anthropic", "claude-sonnet-5-5", True, True, True),
        ("anthropic", "claude-next", True, True, True),
        ("anthropic", "sim-chat", False, True, True),
        ("google", "gemini-2.5-flash", False, True, False),
        ("google", "gemini-3-pro-preview", False, True, True),
    ],
)
def test_models_are_known_by_their_names(preset: str, model: str, adaptive: bool, schema: bool, level: bool) -> None:
    """How a request must be written depends on the model's generation; what nobody knows is written for the newest."""
    target = presets()[preset].target(model, default_output_tokens=1)
    found = (target.has_adaptive_thinking, target.has_native_schema, target.has_thinking_level)
    assert found == (adaptive, schema, level)


def test_efforts_are_those_that_a_model_knows() -> None:
    """None of them for models without reasoning, all of them for models that nobody knows."""
    target = presets()["openai"].target
    assert target("gpt-4o-mini", default_output_tokens=1).efforts == ()
    assert target("gpt-5-mini", default_output_tokens=1).efforts == ("minimal", "low", "medium", "high")
    assert target("gpt-6-sol", default_output_tokens=1).efforts is None


def test_only_an_answer_from_the_vendor_itself_is_stripped_by_its_own_list() -> None:
    """A gateway before a vendor may add anything that any of them adds."""
    groq = presets()["groq"]
    own = groq.strip_at("api.groq.com")
    assert set(EXTRAS["groq"].top) <= own.top < EVERY.top
    assert set(EXTRAS["groq"].usage) <= own.usage < EVERY.usage
    assert "kv_transfer_params" not in own.top
    assert groq.strip_at("proxy.example") is EVERY


def facts() -> dict[str, Any]:
    return dict(json.loads(FACTS.read_text()))


@pytest.mark.skipif(not FACTS.is_file(), reason="the price facts are not here")
def test_list_prices_are_true() -> None:
    """Every price in a preset is that of the vendor's list, in every class that the list has."""
    known = facts()
    checked = 0
    for name, preset in presets().items():
        for model in () if preset.prices is None else preset.prices.models:
            fact = known[f"{name}/{model.name}"]
            assert fact.get("deprecated", "9999") > "2027", model.name
            for field in ("input", "output", "cached_input", "cache_write", "cache_write_1h", "audio_input"):
                mine, theirs = getattr(model, field), fact.get(field)
                assert Decimal(mine or 0) == Decimal(theirs or 0), (model.name, field)
                longer = None if model.above_200k is None else getattr(model.above_200k, field)
                assert Decimal(longer or 0) == Decimal(fact.get(f"{field}_above_200k") or 0), (model.name, field)
            checked += 1
    assert checked > 70


def test_costs_come_from_the_list_of_whoever_sells() -> None:
    """Azure sells at OpenAI's list prices, OpenRouter at those of the model's maker; nobody guesses the others."""
    known = presets()
    own = known["openai"].cost_of("gpt-4o")
    assert own is not None
    assert own.prices.cached_input == parse_price("1.25")
    assert known["azure"].cost_of("gpt-4o") == own == known["openrouter"].cost_of("openai/gpt-4o")
    haiku = known["openrouter"].cost_of("anthropic/claude-haiku-4.5")
    assert haiku is not None
    assert haiku.prices.cache_write_1h == parse_price("2")
    assert known["openrouter"].cost_of("nobody/gpt-4o") is None
    assert known["vllm"].cost_of("gpt-4o") is None
    pro = known["google"].cost_of("gemini-2.5-pro")
    assert pro is not None
    assert pro.prices_for(200_001).output == parse_price("15")


def test_presets_are_values() -> None:
    """What was read once cannot be changed by one of its readers."""
    with pytest.raises(AttributeError):
        presets()["openai"].base_url = "x"  # type: ignore[misc]
    assert msgspec.structs.asdict(presets()["openai"])["name"] == "openai"
