"""Speech made and heard: sound as bytes that arrive in pieces, and text that depends on the sound alone."""

from base64 import b64encode
from typing import Any

import msgspec

from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.errors import bad_request
from farebox.simulator.identity import Marks
from farebox.simulator.media.multipart import read_form
from farebox.simulator.openai import OPENAI
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import text_tokens
from farebox.simulator.script import Script, json_script, plain_script, stream_script
from farebox.simulator.stats import RequestHead
from farebox.simulator.stream import DONE, Event
from farebox.simulator.words import echo_of, filler_tokens, seed_of, tokens_of

KINDS = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
SOUND = b"SIMULATED-SOUND-"
BYTES_PER_CHARACTER = 64
PIECE_BYTES = 1024
INPUT_MAX = 4096
BYTES_PER_SECOND = 16_000  # by which the length of a recording is told from its size
_WAV_HEADER_BYTES = 44
FORMATS = ("json", "text", "verbose_json", "srt", "vtt")
CHARACTERS_PER_EVENT = 16


class SpeechRequest(msgspec.Struct):
    model: str
    input: str
    voice: str
    response_format: str = "mp3"
    stream_format: str = "audio"


class HearingRequest(msgspec.Struct, frozen=True):
    model: str
    sound: bytes
    response_format: str = "json"
    prompt: str = ""
    stream: bool = False

    @property
    def seconds(self) -> int:
        header = _WAV_HEADER_BYTES if self.sound.startswith(b"RIFF") else 0
        return max(1, -(-(len(self.sound) - header) // BYTES_PER_SECOND))


SPEECH = msgspec.json.Decoder(SpeechRequest)


def _read_speech(incoming: Incoming) -> SpeechRequest:
    return SPEECH.decode(incoming.body)


def _read_hearing(incoming: Incoming) -> HearingRequest:
    form = read_form(incoming.body, incoming.content_type)
    return HearingRequest(
        model=form.field("model"),
        sound=form.file_list("file")[0],
        response_format=form.fields.get("response_format", "json"),
        prompt=form.fields.get("prompt", ""),
        stream=form.fields.get("stream", "").lower() == "true",
    )


def _check_speech(request: SpeechRequest, options: SimulatorOptions) -> None:
    if not 1 <= len(request.input) <= INPUT_MAX:
        raise bad_request(f"Invalid 'input': expected between 1 and {INPUT_MAX} characters.", "input")
    if request.response_format not in KINDS:
        raise bad_request(f"Invalid value: '{request.response_format}'.", "response_format")


def _check_hearing(request: HearingRequest, options: SimulatorOptions) -> None:
    if request.response_format not in FORMATS:
        raise bad_request(f"Invalid value: '{request.response_format}'.", "response_format")


def _speak(request: SpeechRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    size = len(request.input) * BYTES_PER_CHARACTER
    sound = (SOUND * (size // len(SOUND) + 1))[:size]
    if request.stream_format == "sse":
        return stream_script(_sound_events(request, sound, options), options, marks)
    pieces = [Event(sound[start : start + PIECE_BYTES], 1) for start in range(0, size, PIECE_BYTES)]
    return stream_script(pieces, options, marks, content_type=KINDS[request.response_format])


def _sound_events(request: SpeechRequest, sound: bytes, options: SimulatorOptions) -> list[Event]:
    step = CHARACTERS_PER_EVENT * BYTES_PER_CHARACTER
    events = [
        _event({"type": "speech.audio.delta", "audio": b64encode(sound[start : start + step]).decode()}, 1)
        for start in range(0, len(sound), step)
    ]
    used, made = text_tokens(request.input), len(request.input)
    usage = {"input_tokens": used, "output_tokens": made, "total_tokens": used + made}
    return [*events, _event({"type": "speech.audio.done", **({} if options.usage == "missing" else {"usage": usage})})]


def _hear(request: HearingRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    said = echo_of(request.prompt) or options.reply
    seed = seed_of(request.sound.decode("latin-1"), options.seed)
    tokens = tokens_of(said) if said else filler_tokens(seed, options.chunks)
    text = "".join(tokens)
    usage = {} if options.usage == "missing" else {"usage": {"type": "duration", "seconds": request.seconds}}
    if request.stream:
        events = [_event({"type": "transcript.text.delta", "delta": token}, 1) for token in tokens]
        events.append(_event({"type": "transcript.text.done", "text": text, **usage}))
        return stream_script([*events, Event(DONE)], options, marks)
    if request.response_format == "text":
        return plain_script(text.encode() + b"\n", options, content_type="text/plain; charset=utf-8", marks=marks)
    if request.response_format in ("srt", "vtt"):
        times = f"00:00:00,000 --> 00:00:{request.seconds % 60:02},000"
        lines = f"1\n{times}\n{text}\n\n" if request.response_format == "srt" else f"WEBVTT\n\n{times}\n{text}\n"
        return plain_script(lines.encode(), options, content_type="text/plain; charset=utf-8", marks=marks)
    body: dict[str, Any] = {"text": text, **usage}
    if request.response_format == "verbose_json":
        segment = {"id": 0, "start": 0.0, "end": float(request.seconds), "text": text}
        more = {"task": "transcribe", "language": "english", "duration": float(request.seconds)}
        body = {**more, **body, "segments": [segment]}
    return json_script(msgspec.json.encode(body), options, chunks=len(tokens), marks=marks)


def _event(body: dict[str, Any], tokens: int = 0) -> Event:
    return Event(b"data: " + msgspec.json.encode(body) + b"\n\n", tokens)


def _speech_tokens(request: SpeechRequest) -> int:
    return text_tokens(request.input)


def _hearing_tokens(request: HearingRequest) -> int:
    return text_tokens(request.prompt)


def _speech_head(path: str, request: SpeechRequest, model: str) -> RequestHead:
    return RequestHead(path, model)


def _hearing_head(path: str, request: HearingRequest, model: str) -> RequestHead:
    return RequestHead(path, model, request.stream)


AUDIO_ENDPOINTS = {
    "/v1/audio/speech": Endpoint(OPENAI, _read_speech, _speech_head, _speak, _speech_tokens, _check_speech),
    "/v1/audio/transcriptions": Endpoint(
        OPENAI, _read_hearing, _hearing_head, _hear, _hearing_tokens, _check_hearing, repeatable=False
    ),
}
