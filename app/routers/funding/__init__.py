"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import (
    adjustments,
    brought,
    budget,
    completions,
    evaluations,
    exports,
    forms,
    home,
    lines,
    owed,
    payees,
    queries,
    rates,
    remittances,
    renewing,
    samples,
    settings,
    standing,
    statements,
    travel,
)

ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    samples.router,
    completions.router,
    payees.router,
    settings.router,
    exports.router,
    forms.router,
    standing.router,
    rates.router,
    remittances.router,
    brought.router,
    budget.router,
    renewing.router,
    evaluations.router,
    travel.router,
    adjustments.router,
    statements.router,
    owed.router,
    queries.router,
    lines.router,  # after exports: a file's name is no line's
)
