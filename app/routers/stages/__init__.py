"""The doors to the ladder."""

from fastapi import APIRouter

from app.routers.stages import enrolments, ladder, moves, picture, recruiting, register, risk, specialists, visits

ROUTERS: tuple[APIRouter, ...] = (
    enrolments.router,
    ladder.router,
    moves.router,
    picture.router,
    recruiting.router,
    register.router,
    risk.router,
    specialists.router,
    visits.router,
)
