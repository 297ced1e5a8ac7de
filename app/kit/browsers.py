"""Browsers in words, out of what they say of themselves (RFC 9110, section 10.1.5); it need not be true."""

import re

# The first that fits: most programs also name those they want to be taken for.
_PROGRAMS = (
    (r"Edg(?:A|iOS)?/", "Edge"),
    (r"OPR/|OPiOS/", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_DEVICES = (
    (r"iPhone", "an iPhone"),
    (r"iPad", "an iPad"),
    (r"Android", "Android"),
    (r"CrOS", "a Chromebook"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "a Mac"),
    (r"Linux|X11", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """Chrome on Windows; empty for what is no known browser. It tells no device from another of its kind."""
    program = next((name for sign, name in _PROGRAMS if re.search(sign, agent)), "")
    device = next((name for sign, name in _DEVICES if re.search(sign, agent)), "")
    if program and device:
        return f"{program} on {device}"
    return program or (f"A browser on {device}" if device else "")
