"""The command `halfterm`: one Typer app put together from a file for each room."""

import sys

import typer

from app.kit.starting import starting

app = typer.Typer(
    name="halfterm",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Coordinates the Work Groups of England's Maths Hubs.",
)


def _assemble() -> typer.Typer:
    from app.cli import demo, docs, doctor, exports, feeds, hubs, imports, keep, mail, plan, retention, serve, trail

    app.add_typer(serve.app)
    app.add_typer(demo.app)
    app.add_typer(exports.app, name="export")
    app.add_typer(feeds.app, name="feed")
    app.add_typer(hubs.app)
    app.add_typer(keep.app)
    app.add_typer(doctor.app)
    app.add_typer(docs.app)
    app.add_typer(imports.app, name="import")
    app.add_typer(mail.app, name="mail")
    app.add_typer(plan.app, name="schedule")
    app.add_typer(retention.app, name="retention")
    app.add_typer(trail.app, name="trail")
    return app


def main() -> None:
    """The program's entry: errors are one sentence, with the exit status of docs/operations.md."""
    with starting():
        from app.cli.run import refusals

        commands = _assemble()
    sys.exit(refusals(commands))
