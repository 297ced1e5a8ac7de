"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import exports, payees, rates, remittances, renewing, settings

ROUTERS: tuple[APIRouter, ...] = (
    payees.router,
    settings.router,
    exports.router,
    rates.router,
    remittances.router,
    renewing.router,
)
