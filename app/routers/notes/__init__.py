"""The doors to the notebook."""

from app.routers.notes import device

ROUTERS = (device.router,)
