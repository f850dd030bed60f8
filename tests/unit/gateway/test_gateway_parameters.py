"""The model list names the parameters that a model's providers understand, and no other."""

from farebox.gateway.parameters import supported_parameters


def test_parameters_are_those_that_the_providers_dialect_carries() -> None:
    """OpenAI takes all of its own, Anthropic no seeds, penalties or log probabilities, Google no bias of tokens."""
    chat, anthropic, gemini = (set(supported_parameters([kind])) for kind in ("openai", "anthropic", "gemini"))
    assert {"logit_bias", "seed", "logprobs", "top_logprobs", "n", "tools", "response_format", "verbosity"} <= chat
    assert chat - anthropic >= {"logit_bias", "seed", "logprobs", "top_logprobs", "n", "presence_penalty", "verbosity"}
    assert {"max_tokens", "max_completion_tokens", "stream", "stop", "tools", "tool_choice", "temperature"} <= anthropic
    assert {"seed", "logprobs", "n"} <= gemini
    assert chat > gemini
    assert "messages" not in chat


def test_a_model_takes_what_one_of_its_routes_takes() -> None:
    """A request goes to a route that can carry it, so that the routes' parameters add up."""
    together = set(supported_parameters(["anthropic", "gemini", "gemini"]))
    assert together == {*supported_parameters(["anthropic"]), *supported_parameters(["gemini"])}
    assert supported_parameters([]) == ["max_tokens", "stream", "stream_options"]
