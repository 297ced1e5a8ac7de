"""The doors to the ladder."""

from fastapi import APIRouter

from app.routers.stages import ladder, picture, recruiting, register, specialists

ROUTERS: tuple[APIRouter, ...] = (ladder.router, recruiting.router, register.router, specialists.router)
