"""The bodies of forms on their way to a provider: written anew from what is kept, or passed on as they come.

A provider gets the last piece of an upload only when the whole form has been read here, so that a form that turns out
to be bad, or a client that leaves, has cost nothing. What has been passed on can be sent again, to another route, only
while all of it is still kept.
"""

import secrets
from collections.abc import AsyncGenerator, Callable, Iterable

from farebox.dialects.conversation import Untranslatable
from farebox.dialects.media_request import FormRequest
from farebox.dialects.multipart import (
    Event,
    Form,
    FormScanner,
    MalformedForm,
    PartHead,
    write_field,
    write_file_head,
    write_form,
)
from farebox.domain.errors import Refusal
from farebox.gateway.exchange import Receive
from farebox.gateway.running import Interrupted

# Of forms that are written anew: no client can guess it, so that it stands in no file.
OUR_BOUNDARY = b"farebox-" + secrets.token_hex(16).encode()
# What the length of a recording is told from.
HEAD_BYTES = 4 * 1024


class ClientUpload:
    """The rest of a form, from its file's content on, on its way from the client. `length` counts its bytes."""

    def __init__(
        self,
        receive: Receive,
        scanner: FormScanner,
        may_follow: Callable[[str], bool],
        length: int,
        kept_most_bytes: int,
    ) -> None:
        self.length = length
        self.head = b""
        self._receive = receive
        self._scanner = scanner
        self._may_follow = may_follow
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._kept_most_bytes = kept_most_bytes
        self._left = length
        self._is_passing = False
        self._is_spent = False

    @property
    def has_head(self) -> bool:
        """Whether enough has come to tell the file's format."""
        return len(self.head) >= HEAD_BYTES or self._left <= 0

    def begin(self, begun: bytes) -> None:
        """Take the content that has come together with the file's header; whoever read that has judged it."""
        self._keep(begun)

    def take(self, piece: bytes) -> None:
        """Judge and keep what has come next."""
        self._judge(piece)
        self._keep(piece)

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Every byte once more while all of them are still here; a Refusal when they are not."""
        if self._is_spent:
            raise Refusal(
                "provider_error",
                "The provider failed while your file was on its way, and files this large are not kept here: "
                "send it again. The call was not charged.",
            )
        self._is_passing = True
        for piece in tuple(self._kept):
            yield piece
        while self._left > 0:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Interrupted("client")
            piece = message["body"]
            if not piece:
                continue
            self.take(piece)
            yield piece

    def _keep(self, piece: bytes) -> None:
        if len(self.head) < HEAD_BYTES:
            self.head = (self.head + piece)[:HEAD_BYTES]
        self._left -= len(piece)
        self._kept_bytes += len(piece)
        # What waits to be passed on for the first time stays, and is little: one reading of the socket or two.
        if self._is_passing and (self._is_spent or self._kept_bytes > self._kept_most_bytes):
            self._is_spent = True
            self._kept.clear()
        else:
            self._kept.append(piece)

    def _judge(self, piece: bytes) -> None:
        try:
            events = self._scanner.feed(piece)
        except MalformedForm as error:
            raise Untranslatable("body", f"is no form that can be read: {error}") from error
        refuse_what_follows(events, self._may_follow)
        if len(piece) >= self._left and not self._scanner.is_complete:
            raise Untranslatable("body", "ends before its form does. Send it whole")


class OutgoingUpload:
    """A form as a provider gets it: its fields as we write them, then the client's own bytes."""

    def __init__(self, prefix: bytes, upload: ClientUpload) -> None:
        self._prefix = prefix
        self._upload = upload

    @property
    def length(self) -> int:
        return len(self._prefix) + self._upload.length

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        yield self._prefix
        async for piece in self._upload.pieces():
            yield piece


class UploadRequest(FormRequest, frozen=True, kw_only=True):
    """A request whose file is still on its way."""

    boundary: bytes
    upload: ClientUpload


def upstream_form(
    parsed: FormRequest, upstream_model: str, added: tuple[tuple[str, str], ...]
) -> bytes | OutgoingUpload:
    """The body for a provider, under its own name of the model."""
    fields = tuple((name, upstream_model if name == "model" else value) for name, value in parsed.form.fields) + added
    if not isinstance(parsed, UploadRequest):
        return write_form(OUR_BOUNDARY, Form(fields, parsed.form.files))
    boundary = parsed.boundary
    prefix = b"".join(write_field(boundary, name, value) for name, value in fields)
    return OutgoingUpload(prefix + write_file_head(boundary, parsed.form.files[0]), parsed.upload)


def refuse_what_follows(events: Iterable[Event], may_follow: Callable[[str], bool]) -> None:
    """Raises Untranslatable for a part after a large file that should have been known before it."""
    for event in events:
        if not isinstance(event, PartHead):
            continue
        if event.filename is not None:
            raise Untranslatable(event.name[:100], "is one file too many. Send one")
        if not may_follow(event.name):
            raise Untranslatable(event.name[:100], "must come before a file this large. Send the fields first")
