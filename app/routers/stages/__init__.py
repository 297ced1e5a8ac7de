"""The doors to the ladder."""

from fastapi import APIRouter

from app.routers.stages import (
    agreements,
    barriers,
    conditions,
    criteria,
    enrolments,
    formings,
    journey,
    ladder,
    moves,
    picture,
    plans,
    reaching,
    recruiting,
    register,
    report,
    risk,
    specialists,
    visits,
)

ROUTERS: tuple[APIRouter, ...] = (
    agreements.router,
    barriers.router,
    conditions.router,
    criteria.router,
    enrolments.router,
    formings.router,
    journey.router,
    ladder.router,
    moves.router,
    picture.router,
    plans.router,
    reaching.router,
    recruiting.router,
    register.router,
    report.router,
    risk.router,
    specialists.router,
    visits.router,
)
