"""The doors to the ladder."""

from fastapi import APIRouter

from app.routers.stages import recruiting

ROUTERS: tuple[APIRouter, ...] = (recruiting.router,)
