"""What whoever takes over from somebody needs, as PDF."""

from datetime import datetime
from typing import Any

from app.render.meetings.typesetting import typeset


def pack_pdf(data: dict[str, Any], at: datetime) -> bytes:
    """The handover pack (PDF/UA-1): name, hub, day and parts as the page has them. Equal facts make equal bytes."""
    return typeset("stages/pack.typ", data, at)
