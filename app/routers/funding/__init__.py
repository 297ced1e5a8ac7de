"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import (
    completions,
    evaluations,
    exports,
    forms,
    payees,
    rates,
    remittances,
    renewing,
    settings,
    travel,
)

ROUTERS: tuple[APIRouter, ...] = (
    completions.router,
    payees.router,
    settings.router,
    exports.router,
    forms.router,
    rates.router,
    remittances.router,
    renewing.router,
    evaluations.router,
    travel.router,
)
