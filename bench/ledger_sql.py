"""What lines are held against: one SQL aggregate over the same facts, under the same rates and conditions.

It adds up units and pence for each hub, rate and school: no line, no sentence, no evidence, no order. Its pence are
those of the lines, to the penny.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app.domain.funding.conditions import AgreementSigned, NotOnline
from app.domain.funding.facts import Fact
from app.domain.funding.rates import FACT_OF, RateCard
from app.kit.periods import year_span
from tests.databases import cluster

TABLES = """
CREATE UNLOGGED TABLE fact (hub int, kind text, id text, day date, urn int, programme text, role text, event text,
    person text, minutes int, online bool, metres int, became int);
CREATE UNLOGGED TABLE rate (hub int, key text, kind text, role text, pence int, per text, signed bool, here bool,
    each_person bool, most bigint);
"""
AGGREGATE = """
WITH became AS (SELECT hub, urn, became, day FROM fact WHERE kind = 'succeeded'),
school AS (
    SELECT f.*, coalesce(a.became, f.urn) AS paid, coalesce(b.urn, f.urn) AS known FROM fact f
    LEFT JOIN became a ON a.hub = f.hub AND a.urn = f.urn AND a.day <= f.day
    LEFT JOIN became b ON b.hub = f.hub AND b.became = f.urn
    WHERE f.day BETWEEN %(first)s AND %(last)s OR f.kind IN ('signed', 'evaluation_returned')),
signed AS (SELECT DISTINCT hub, role, known, programme FROM school WHERE kind = 'signed'),
met AS (
    SELECT hub, known, programme, count(DISTINCT event) AS came FROM school WHERE kind = 'attended' GROUP BY 1, 2, 3),
units AS (
    SELECT f.hub, r.key, f.paid, r.pence, r.per, least(2, count(DISTINCT f.event)) AS halves, max(f.metres) AS metres
    FROM school f JOIN rate r ON r.hub = f.hub AND r.kind = f.kind AND r.role = f.role
    LEFT JOIN signed s ON s.hub = f.hub AND s.role = f.role AND s.known = f.known AND s.programme = f.programme
    WHERE (NOT r.signed OR s.hub IS NOT NULL)
        AND (NOT r.here OR NOT f.online AND (f.minutes = 0 OR f.minutes >= 60))
    GROUP BY f.hub, r.key, f.paid, f.known, f.programme, r.pence, r.per,
        CASE r.per WHEN 'mile' THEN f.id WHEN 'day' THEN f.day::text ELSE f.event END,
        CASE WHEN r.each_person THEN f.person END)
SELECT hub, key, paid, count(*), sum(CASE per WHEN 'mile' THEN round(pence * round(metres * 10000 / 1609344.0) / 10)
    WHEN 'day' THEN round(pence * halves / 2.0) WHEN 'no_show' THEN -pence ELSE pence END)::bigint
FROM units GROUP BY 1, 2, 3
UNION ALL
SELECT m.hub, r.key, m.known, 1, least(sum(r.pence), min(r.most))::bigint
FROM met m JOIN signed s USING (hub, known, programme) JOIN rate r ON r.hub = m.hub AND r.per = 'year'
WHERE m.came >= 5 GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The aggregate over loaded facts; it takes the backend's processor alone, no parallel worker."""

    db: psycopg.Connection[Any]
    year: int

    def seconds(self) -> float:
        """Seconds of the backend's processor that it takes once."""
        before = spent(self.db.info.backend_pid)
        self.rows()
        return spent(self.db.info.backend_pid) - before

    def rows(self) -> list[tuple[Any, ...]]:
        """Units and pence by hub, rate and school."""
        span = year_span(self.year)
        return self.db.execute(AGGREGATE, {"first": span.first, "last": span.last}).fetchall()


def spent(pid: int) -> float:
    """Seconds of the processor that this process took so far, by the kernel's count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100  # user and system time, in hundredths


@contextmanager
def loaded(years: Sequence[list[Fact]], cards: Sequence[RateCard]) -> Iterator[Aggregate]:
    """A PostgreSQL of its own that holds these facts and cards, hub by hub."""
    with (
        tempfile.TemporaryDirectory() as folder,
        cluster(Path(folder)) as made,
        made.fresh(empty=True) as owner,
        psycopg.connect(owner, autocommit=True) as db,
    ):
        db.execute(TABLES)
        with db.cursor().copy("COPY fact FROM STDIN") as copy:
            for hub, facts in enumerate(years):
                for fact in facts:
                    copy.write_row(_row(hub, fact))
        for hub, card in enumerate(cards):
            db.cursor().executemany(f"INSERT INTO rate VALUES ({', '.join(['%s'] * 10)})", _rates(hub, card))
        db.execute("ANALYZE")
        db.execute("SET max_parallel_workers_per_gather = 0")
        db.execute("SET work_mem = '256MB'")
        yield Aggregate(db, cards[0].year)


def _row(hub: int, fact: Fact) -> tuple[Any, ...]:
    usual = (("event", ""), ("person", ""), ("minutes", 0), ("online", False), ("metres", 0), ("to", 0))
    own = (getattr(fact, name, value) for name, value in usual)
    return (hub, fact.kind, fact.id, fact.day, fact.urn, fact.programme, fact.role.value, *own)


def _rates(hub: int, card: RateCard) -> list[tuple[Any, ...]]:
    return [
        (
            hub,
            one.key,
            FACT_OF[one.earned_by].kind if one.earned_by in FACT_OF else "",
            one.payee.value,
            one.on(year_span(card.year).first),
            one.per.value,
            any(isinstance(condition, AgreementSigned) for condition in one.conditions),
            any(isinstance(condition, NotOnline) for condition in one.conditions),
            one.each.value == "person",
            one.most_pence,
        )
        for one in card.rates
    ]
