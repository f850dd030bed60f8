"""Stage 1 for forms: fields and files, kept or passed on as they come.

A small form is kept whole, and so is one whose file comes before the fields that must be known first; it can be sent
again to another route. A larger one whose `model` comes before its file is admitted as the file begins, and the file
passes through in pieces (upload.py): nothing that decides a price may follow it.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from farebox.dialects.media_request import FormRequest
from farebox.dialects.multipart import Event, File, Form, FormScanner, MalformedForm, PartEnd, PartHead, boundary_of
from farebox.domain.errors import Refusal
from farebox.gateway.exchange import Receive
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call, ClientGone, refuse_coding, too_large
from farebox.gateway.upload import HEAD_BYTES, OUR_BOUNDARY, ClientUpload, UploadRequest, refuse_what_follows
from farebox.gateway.wire import Wire

_MOST_PARTS = 100
_MOST_FIELD_BYTES = 256 * 1024


async def receive_form(call: Call, receive: Receive, options: GatewayOptions) -> FormRequest:
    """The facts of a call that came as a form; raises Refusal, ClientGone when it breaks."""
    refuse_coding(call)
    try:
        boundary = boundary_of(call.headers.get(b"content-type", b""))
        return await _receive(call, receive, options, boundary)
    except MalformedForm as error:
        text = str(error)
        raise Refusal("invalid_request", f"{text[0].upper()}{text[1:]}.") from error


async def _receive(call: Call, receive: Receive, options: GatewayOptions, boundary: bytes) -> FormRequest:
    wire, declared = call.wire, int(call.headers.get(b"content-length", b"0"))
    if declared > options.upload_most_bytes:
        raise too_large(options.upload_most_bytes)
    may_follow = wire.may_follow if declared > options.form_kept_bytes else None
    scanner, parts = FormScanner(boundary), _Parts()
    received, has_more = 0, True
    while has_more:
        piece, has_more = await _next(receive)
        received += len(piece)
        events = scanner.feed(piece)
        for index, event in enumerate(events):
            parts.add(event)
            if may_follow is None or not isinstance(event, PartHead) or event.filename is None:
                continue
            if parts.has("model"):
                refuse_what_follows(events[index + 1 :], may_follow)
                begun = piece[len(piece) - (received - event.content_at) :]
                length = declared - event.content_at
                upload = ClientUpload(receive, scanner, may_follow, length, options.form_kept_bytes)
                upload.begin(begun)
                while not upload.has_head:
                    upload.take((await _next(receive))[0])
                return _passing(wire, boundary, parts, event, upload)
        if received > options.body_most_bytes:
            raise _put_model_first(options.body_most_bytes) if wire.may_follow else too_large(options.body_most_bytes)
    if not scanner.is_complete:
        raise MalformedForm("the form ends before its last boundary")
    return _whole(wire, parts)


def _passing(wire: Wire, boundary: bytes, parts: "_Parts", head: PartHead, upload: ClientUpload) -> UploadRequest:
    """A form that is admitted as its file begins."""
    assert wire.read_form is not None
    file = File(head.name, head.filename or "", head.content_type, upload.head, upload.length, None)
    form = Form(tuple(parts.fields), (file,))
    # Of a file on its way nothing is known but its size: an Idempotency-Key is compared by that and the fields.
    parsed = _sending(wire.read_form(form, _told(form, [str(upload.length)])), boundary)
    return UploadRequest(**msgspec.structs.asdict(parsed), boundary=boundary, upload=upload)


def _whole(wire: Wire, parts: "_Parts") -> FormRequest:
    assert wire.read_form is not None
    form = Form(tuple(parts.fields), tuple(parts.files))
    if any(OUR_BOUNDARY in (file.data or b"") for file in form.files):
        raise MalformedForm("a file of the form holds our own boundary")
    digests = [hashlib.sha256(file.data or b"").hexdigest() for file in form.files]
    return _sending(wire.read_form(form, _told(form, digests)), OUR_BOUNDARY)


class _Parts:
    """The parts of a form that is kept."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[File] = []
        self._count = 0
        self._head: PartHead | None = None
        self._content: list[bytes] = []
        self._size = 0

    def has(self, name: str) -> bool:
        return any(known == name for known, _ in self.fields)

    def add(self, event: Event) -> None:
        if isinstance(event, PartHead):
            self._count += 1
            if self._count > _MOST_PARTS:
                raise MalformedForm(f"the form has more than {_MOST_PARTS} parts")
            self._head, self._content, self._size = event, [], 0
        elif isinstance(event, PartEnd):
            self._end()
        else:
            self._content.append(event)
            self._size += len(event)
            if self._size > _MOST_FIELD_BYTES and self._head is not None and self._head.filename is None:
                raise MalformedForm(f"a field of the form is larger than {_MOST_FIELD_BYTES} bytes")

    def _end(self) -> None:
        head, content = self._head, b"".join(self._content)
        assert head is not None
        self._content = []
        if head.filename is not None:
            self.files.append(
                File(head.name, head.filename, head.content_type, content[:HEAD_BYTES], len(content), content)
            )
            return
        try:
            self.fields.append((head.name, content.decode()))
        except UnicodeDecodeError as error:
            raise MalformedForm("a field of the form is not valid UTF-8") from error


async def _next(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message["body"], message["more_body"]


def _sending(parsed: FormRequest, boundary: bytes) -> FormRequest:
    """With the content type of the form that goes to the provider."""
    assert parsed.media is not None
    sends = b'multipart/form-data; boundary="%b"' % boundary
    return msgspec.structs.replace(parsed, media=msgspec.structs.replace(parsed.media, sends=sends))


def _told(form: Form, files: Sequence[str]) -> bytes:
    """What tells one form from another, whatever its boundary."""
    named = [
        (file.name, file.filename, file.content_type.decode(), what)
        for file, what in zip(form.files, files, strict=True)
    ]
    return msgspec.json.encode({"fields": form.fields, "files": named})


def _put_model_first(most_bytes: int) -> Refusal:
    return Refusal(
        "request_too_large",
        f"A form larger than {most_bytes} bytes must name its `model`, and its other fields, before the file.",
        param="model",
    )
