"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import exports, rates, remittances, renewing

ROUTERS: tuple[APIRouter, ...] = (exports.router, rates.router, remittances.router, renewing.router)
