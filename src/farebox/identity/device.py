"""A browser's name for the list of sessions: coarse, for its owner to recognise, and of no use to track anybody."""

_BROWSERS = (
    ("edg/", "Edge"),
    ("opr/", "Opera"),
    ("firefox/", "Firefox"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
)
_SYSTEMS = (
    ("windows", "Windows"),
    ("android", "Android"),
    ("iphone", "iOS"),
    ("ipad", "iOS"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)


def device_of(agent: str) -> str:
    """'Firefox on Linux'; 'a program' for what is no browser; '' when nothing is known."""
    if not agent:
        return ""
    told = agent.lower()
    browser = next((name for mark, name in _BROWSERS if mark in told), None)
    if browser is None:
        return "a program"
    system = next((name for mark, name in _SYSTEMS if mark in told), None)
    return browser if system is None else f"{browser} on {system}"
