"""The offline app: the shell that a device keeps, its service worker, and how it is installed."""

from dataclasses import dataclass
from typing import Any, ClassVar

ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))
HOME = "/my/notes"


@dataclass(frozen=True, slots=True)
class AppPage:
    """The same for everybody: it names nobody and holds nothing."""

    template: ClassVar[str] = "notes/app.html"
    about: str = "Plan, observe, discuss: your Work Group's records, with or without a network."
    without_script: str = "Without JavaScript, write on the pages of your records: they need a network."


def webmanifest(icons: dict[str, str]) -> dict[str, Any]:
    """How a device installs the app; `icons` gives the address of each of ICONS (web app manifest, W3C)."""
    return {
        "id": HOME,
        "name": "Halfterm notebook",
        "short_name": "Halfterm",
        "description": AppPage().about,
        "lang": "en-GB",
        "start_url": HOME,
        "scope": "/",
        "display": "standalone",
        "theme_color": "#14213d",
        "background_color": "#ffffff",
        "icons": [
            {"src": icons[name], "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
            for name, side, purpose in ICONS
            if name in icons
        ],
    }
