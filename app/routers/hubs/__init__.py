"""A hub at the door: how it is set up, and the programs that work for it."""

from app.routers.hubs import setting_up, tokens, webhooks

ROUTERS = (tokens.router, webhooks.router, setting_up.router)
