"""How long a recording can be, told from its size and its first bytes: before the call, and where no provider tells.

Two answers, because they serve two ends. The *bound* is for the hold: nothing that the bytes allow is longer. PCM in a
WAV file says by its own header how many bytes a second has. It is taken at its word only where the header agrees with
itself and with recordings that there are: decoders do not look at all of it, so a forged one could make an hour look
like a second. Whoever forges what they do look at (rate, channels, width) gets noise transcribed. Compressed sound
could be as thin as its codec goes: MP3 down to 8 kbit/s (the lowest rate of MPEG-2.5), AAC likewise, Opus and all
unknown formats 6 kbit/s, FLAC 16 kbit/s (mono speech at 8 kHz; silence can be thinner, and is then cut to the bound).
The *count* is what usual files have, and where it is charged it must not err to our side: exact for WAV, by the first
frame's bit rate for MP3, by 64 kbit/s else.
"""

import struct

import msgspec

_BYTES_PER_SECOND = {"mp3": 1_000, "aac": 1_000, "flac": 2_000, "other": 750}
_USUAL_BYTES_PER_SECOND = {"mp3": 16_000, "aac": 8_000, "flac": 50_000, "other": 8_000}
_PCM_TAGS = frozenset({1, 3, 0xFFFE})
_PCM_BITS = frozenset({8, 16, 24, 32, 64})
_MOST_CHANNELS = 8
_RATES = range(4_000, 192_001)
# Index to kbit/s of layer III: MPEG-1, and MPEG-2 with 2.5.
_MP3_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}


def longest_seconds(head: bytes, size: int) -> int:
    """The bound, in whole seconds, of a file that begins so and has at most so many bytes."""
    wav = _wav(head)
    return _seconds(size, _BYTES_PER_SECOND[_format(head)]) if wav is None else wav.seconds(size)


def usual_seconds(head: bytes, size: int) -> int:
    """The count, never above the bound."""
    wav, kind = _wav(head), _format(head)
    if wav is not None:
        return wav.seconds(size)
    rate = _mp3_bytes_per_second(head) if kind == "mp3" else 0
    return min(longest_seconds(head, size), _seconds(size, rate or _USUAL_BYTES_PER_SECOND[kind]))


def _seconds(size: int, bytes_per_second: int) -> int:
    return max(1, -(-size // bytes_per_second))


def _format(head: bytes) -> str:
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"ID3") or _mp3_frame(head) is not None:
        return "mp3"
    if head[4:8] == b"ftyp" or (head[:1] == b"\xff" and head[1:2] in (b"\xf0", b"\xf1", b"\xf8", b"\xf9")):
        return "aac"
    return "other"


class _Wav(msgspec.Struct, frozen=True):
    # PCM: what a second takes, and where the sound begins.
    bytes_per_second: int
    begins_at: int

    def seconds(self, size: int) -> int:
        return _seconds(max(0, size - self.begins_at), self.bytes_per_second)


def _wav(head: bytes) -> _Wav | None:
    """PCM in a WAV file whose header is credible; None for everything else."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = head.find(b"fmt ", 12)
    if at < 0 or len(head) < at + 24:
        return None
    length, tag, channels, rate, _, block, bits = struct.unpack_from("<IHHIIHH", head, at + 4)
    is_credible = tag in _PCM_TAGS and bits in _PCM_BITS and 1 <= channels <= _MOST_CHANNELS and rate in _RATES
    if not is_credible or block != channels * bits // 8:
        return None
    data = head.find(b"data", at + 8 + min(length, len(head)))
    return _Wav(rate * block, at + 24 if data < 0 else data + 8)


def _mp3_frame(head: bytes) -> int | None:
    """Where a frame of layer III begins: at the start, or after an ID3 tag that the head holds whole."""
    at = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return None
    return at


def _mp3_bytes_per_second(head: bytes) -> int:
    at = _mp3_frame(head)
    if at is None:
        return 0
    is_mpeg_1 = head[at + 1] >> 3 & 3 == 3
    return _MP3_KBITS[3 if is_mpeg_1 else 2][head[at + 2] >> 4] * 125
