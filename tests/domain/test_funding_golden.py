"""A year that was closed: its facts under its card give its bytes, whatever rates and code have become since.

`golden_statement.jsonl` was kept when the year was written. It is not made again to make this test pass: statements
that hubs have closed rest on the same bytes. A rule that must change takes effect with a new form of the frozen bytes.
"""

import json
import random
import uuid
from datetime import UTC, datetime
from pathlib import Path

from app.domain.funding import facts, rates
from app.domain.funding.ledger import Ledger, lines
from app.domain.funding.line import from_data, total
from app.domain.funding.rates_checked import faults_of
from app.domain.funding.statements import Entry, Statement, canonical, close, differs
from app.kit.periods import year_span

FOLDER = Path(__file__).parents[1] / "data" / "funding"
KEPT = json.loads((FOLDER / "golden_year.json").read_text())
BYTES = (FOLDER / "golden_statement.jsonl").read_bytes()
DIGEST = "bdeef56489cb048d51c378eeb8ff906faa40be8c0de05806acd3f32874d120b3"
YEAR = Statement(id="golden", hub="TAMAR", year=2027, period=year_span(2027), reference="TAMAR-2728-001")


def derived() -> Ledger:
    happened = list(facts.from_data(KEPT["facts"]))
    random.Random(7).shuffle(happened)  # noqa: S311 - dice of a test
    return lines(rates.from_data(KEPT["card"]), happened)


def entries() -> list[Entry]:
    return [Entry(f"line/{place:04d}", line) for place, line in enumerate(derived().lines)]


def test_last_years_facts_under_last_years_card_give_last_years_bytes() -> None:
    assert faults_of(rates.from_data(KEPT["card"])) == ()
    assert canonical(YEAR, entries()) == BYTES


def test_the_bytes_say_their_own_lines_and_the_digest_of_the_close() -> None:
    _, *rows = map(json.loads, BYTES.splitlines())
    held = [Entry(row.pop("id"), from_data(row)) for row in rows]
    closed = close(YEAR, held, uuid.UUID(int=1), datetime(2028, 9, 1, tzinfo=UTC)).statement
    assert (closed.digest, closed.pence, closed.lines) == (DIGEST, total(derived().lines), len(rows))
    assert differs(closed, held) == ()


def test_what_did_not_earn_says_why() -> None:
    said = {one.because for one in derived().unearned}
    assert said == {
        "Attended 2 of the 3 needed (of 6 meetings).",
        "At most £600.00 is paid to one school in the year.",
        "It was online, and nothing is paid for what is online.",
        "The agreement is not signed.",
    }
