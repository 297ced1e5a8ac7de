"""`halfterm docs`: writes the documents that are made from the code."""

from pathlib import Path

import typer

from app.domain import access

app = typer.Typer()
DOCS = Path(__file__).resolve().parents[2] / "docs"


def made_documents() -> dict[Path, str]:
    """Each document that is made from the code, and what it holds now."""
    return {DOCS / "access.md": access.table()}


@app.command(hidden=True)
def docs() -> None:
    """Write the documents that are made from the code."""
    for path, text in made_documents().items():
        path.write_text(text)
        typer.echo(f"{path.name} is written.")
