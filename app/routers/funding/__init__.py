"""The doors to the ledger."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
