"""A feed's address in every form in which a calendar program takes it."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from app.render.feeds import NAME, qr_code

GOOGLE = "https://calendar.google.com/calendar/render?cid="
OUTLOOK_AT_WORK = "https://outlook.office.com/calendar/0/addfromweb?name={name}&url={url}"
OUTLOOK_AT_HOME = "https://outlook.live.com/calendar/0/addfromweb?name={name}&url={url}"


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address that has just been made: told once, in all its forms. `qr` is an SVG drawing."""

    purpose: str
    url: str
    webcal: str
    google: str
    outlook_at_work: str
    outlook_at_home: str
    qr: str
    only_here: bool  # Google and Outlook cannot reach a server that only this machine or network can


def new_address(site: str, token: str, purpose: str) -> NewAddress:
    """The address of the feed with this token; `site` is ours, without a slash at its end."""
    url = f"{site}/feeds/{token}.ics"
    webcal = f"webcal://{url.partition('://')[2]}"
    at = {"name": quote(NAME, safe=""), "url": quote(url, safe="")}
    return NewAddress(
        purpose=purpose,
        url=url,
        webcal=webcal,
        google=GOOGLE + quote(webcal, safe=""),
        outlook_at_work=OUTLOOK_AT_WORK.format(**at),
        outlook_at_home=OUTLOOK_AT_HOME.format(**at),
        qr=qr_code(webcal),
        only_here=_only_here(urlsplit(site).hostname or ""),
    )


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".localhost", ".test"))
