"""A mail server of the tests' own: it keeps what it is sent, and refuses what it is told to refuse."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postbox:
    """What came in, in order; `refuses` answers an address with these lines, one a try, before it takes mail."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: dict[str, list[str]] = {}
        self.url = ""

    def clear(self) -> None:
        self.letters.clear()
        self.refuses.clear()

    async def handle_RCPT(  # noqa: N802  as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = self.refuses.get(address)
        if said:
            return said.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        made = message_from_bytes(content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.letters.append(made)
        return "250 OK"


class Server(Controller):
    """On a free port of this machine's own address."""

    def __init__(self, postbox: Postbox) -> None:
        super().__init__(postbox, hostname="127.0.0.1", port=0)
        self.postbox = postbox

    def _trigger_server(self) -> None:
        """The port is known now; there is no need to knock at it."""
        server: asyncio.Server = self.server  # type: ignore[assignment]
        self.port = server.sockets[0].getsockname()[1]
        self.postbox.url = f"smtp://127.0.0.1:{self.port}"
        super()._trigger_server()
