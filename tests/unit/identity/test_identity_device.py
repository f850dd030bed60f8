"""Devices in the list of sessions: recognisable, and no more than that."""

import pytest

from farebox.identity.device import device_of

_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
)
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1"
_ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (_WINDOWS, "Chrome on Windows"),
        (_WINDOWS + " Edg/128.0.0.0", "Edge on Windows"),
        (_MAC, "Safari on macOS"),
        (_IPHONE, "Safari on iOS"),
        (_ANDROID, "Chrome on Android"),
        ("python-httpx/0.28", "a program"),
        ("", ""),
    ],
)
def test_a_device_is_named_coarsely(agent: str, device: str):
    """Browser and system without versions: nothing to track anybody by."""
    assert device_of(agent) == device
