"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import rates, remittances, renewing

ROUTERS: tuple[APIRouter, ...] = (rates.router, remittances.router, renewing.router)
