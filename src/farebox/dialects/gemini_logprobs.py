"""Log probabilities as Gemini tells them: the chosen tokens, and beside them the likely ones of each step."""

from typing import Any

from farebox.dialects.reply import TokenLogprob


def read_logprobs(result: object) -> tuple[TokenLogprob, ...] | None:
    """The tokens of `logprobsResult`; None when there is none."""
    if not isinstance(result, dict):
        return None
    steps = _list(result.get("topCandidates"))
    tokens: list[TokenLogprob] = []
    for index, chosen in enumerate(_list(result.get("chosenCandidates"))):
        step = steps[index] if index < len(steps) else None
        likely = _list(step.get("candidates")) if isinstance(step, dict) else []
        token, logprob = _token(chosen)
        tokens.append(TokenLogprob(token, logprob, top=tuple(TokenLogprob(*_token(entry)) for entry in likely)))
    return tuple(tokens)


def write_logprobs(tokens: tuple[TokenLogprob, ...]) -> dict[str, Any]:
    written: dict[str, Any] = {"chosenCandidates": [_written(token) for token in tokens]}
    if any(token.top for token in tokens):
        written["topCandidates"] = [{"candidates": [_written(likely) for likely in token.top]} for token in tokens]
    return written


def _token(entry: object) -> tuple[str, float]:
    if not isinstance(entry, dict):
        return "", 0.0
    token, logprob = entry.get("token"), entry.get("logProbability")
    is_number = isinstance(logprob, int | float) and not isinstance(logprob, bool)
    return token if isinstance(token, str) else "", float(logprob) if is_number else 0.0  # type: ignore[arg-type]


def _written(token: TokenLogprob) -> dict[str, Any]:
    return {"token": token.token, "logProbability": token.logprob}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
