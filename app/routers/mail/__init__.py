"""The doors to messages: the hub's log, own copies and choices, writing, templates, and the links in messages."""

from app.routers.mail import messages, own, quiet, templates

ROUTERS = (own.router, templates.router, quiet.router, messages.router)
