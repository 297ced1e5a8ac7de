"""The doors to the ladder."""

from fastapi import APIRouter

from app.routers.stages import ladder, picture, recruiting, register, specialists, visits

ROUTERS: tuple[APIRouter, ...] = (
    ladder.router,
    picture.router,
    recruiting.router,
    register.router,
    specialists.router,
    visits.router,
)
