"""Documents that are made from the code say what the code says."""

from app.cli.docs import made_documents


def test_documents_made_from_the_code_are_up_to_date() -> None:
    stale = [path.name for path, text in made_documents().items() if not path.exists() or path.read_text() != text]
    assert not stale, f"make docs writes them anew: {stale}"
