"""A client's JSON body, or the refusal that says what is wrong with it: the same in every dialect."""

from farebox.dialects.json_body import DuplicateKey, MalformedJson, StrictBody, read_strict
from farebox.domain.errors import Refusal


def read_request_body(raw: bytes) -> StrictBody:
    """A body of which every reader understands the same; raises Refusal 'invalid_request'.

    Whoever calls has bounded the size of `raw`.
    """
    try:
        return read_strict(raw)
    except DuplicateKey as error:
        raise Refusal("invalid_request", f"{_sentence(error)} Send each key once.", param=error.key) from error
    except MalformedJson as error:
        raise Refusal(
            "invalid_request", f"{_sentence(error)} Send a JSON object as the API reference shows."
        ) from error


def _sentence(error: MalformedJson) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."
