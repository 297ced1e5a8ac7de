"""Commands about mail that comes in."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from app.cli.run import Desk, at_desk, say

app = typer.Typer(help="Mail that comes in.", no_args_is_help=True)
WORDS = {
    "answered": "answered an invitation",
    "older": "said nothing newer than what is known",
    "filed": "wait for a person",
    "known": "were known already",
    "bounced": "told of mail that came back",
    "automatic": "were automatic answers, and dropped",
    "unsorted": "belong to no hub and lie in inbox/unsorted",
    "failed": "could not be taken and stay where they are",
}


@app.callback()
def mail() -> None:
    """Mail that comes in."""


@app.command()
def read(
    files: Annotated[
        list[str] | None, typer.Argument(help="Messages as files, or - for one on standard input.")
    ] = None,
) -> None:
    """Take in answers to invitations: from the mailbox, from DATA_DIR/inbox, or from these files.

    Exit status 1 when a message could not be taken; it stays where it is.
    """
    from app.actions.feeds import receiving

    async def take(here: Desk) -> Counter[receiving.Outcome]:
        inbox = receiving.Inbox(here.database, here.settings.data_dir)
        if files:
            return await receiving.take_given(inbox, [(name, _read(name)) for name in files], here.now)
        return await receiving.take_waiting(inbox, here.settings, here.now)

    done = at_desk(take)
    for outcome, count in sorted(done.items()):
        typer.echo(f"{count} {WORDS[outcome]}")
    if not done:
        typer.echo("Nothing has come in.")
    if done["failed"]:
        say("Some messages could not be taken: the log says why.")
        raise typer.Exit(1)


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
