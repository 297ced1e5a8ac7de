"""The doors to the ladder."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
