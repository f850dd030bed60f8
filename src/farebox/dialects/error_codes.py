"""Which types, codes and reasons of a provider's error a client may read: those made of words that name nobody.

A list of whole codes would drop what vendors add; a list of names cannot know every vendor. The words do both: all
codes that the dialects document are made of them, and a name is not.
"""

import re

# No word here may be the name of a vendor or of a gateway ("together", "one", "new", "open", "inference").
_DIALECT = """
    a above access action after agent all allowed already and any api arg args argument arguments array at audio bad
    base64 be before below between billing bio block blocked bool boolean both budget bytes cache call calls cannot
    character characters chat choice client code completion conflict container content context control conversation
    count cyber data deadline decimal decode decoding deprecated depth description detected developer dimension
    dimensions disabled document documents download duplicate duration effort embedding embeddings empty encoded
    encoding encrypted entity enum equal error errors exceed exceeded exceeds exist exists expired extra failed
    failure fetch field file files filter finite flagged float forbidden format found frequency from function
    functions generate generation greater has header history id ids image images in incomplete input inputs
    instructions int integer internal invalid is item items json key language large last length less level limit
    limited list literal logprobs long many max maximum media message messages metadata min minimum mismatch missing
    mode model moderation more multiple must name negative no not null number object of order out output overloaded
    page pages parallel param parameter parameters params parse parsed parsing part parts password pattern payload
    pdf penalty permission policy position precondition predicted prediction presence previous processing prohibited
    prompt properties property quality quota range rate reached read reasoning refused rejected repeated request
    requests require required resource response responses result results role safety sampling schema seed sensitive
    server service set short signature size small speech state status stop store stream streaming string structured
    supported syntax system temperature text than the thinking time timeout to token tokens too tool tools top type
    types unavailable unexpected unicode unknown unprocessable unsupported url usage use used user utf8 validate
    validation value values vector verbosity video violation vision voice with wrong
"""
_WORDS = frozenset(_DIALECT.split())
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_BETWEEN = re.compile(r"[_.-]")
_MOST_CHARACTERS = 100


def passing_code(code: str | None) -> str | None:
    """The code as it is, None when it may name somebody."""
    if not code or len(code) > _MOST_CHARACTERS or not _CODE.fullmatch(code):
        return None
    return code if _WORDS.issuperset(_BETWEEN.split(code.lower())) else None
