"""The doors to the ledger."""

from fastapi import APIRouter

from app.routers.funding import rates, remittances

ROUTERS: tuple[APIRouter, ...] = (rates.router, remittances.router)
