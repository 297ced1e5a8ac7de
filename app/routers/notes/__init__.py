"""The doors to the notebook."""

from app.routers.notes import app, device, papers, photos

ROUTERS = (app.router, device.router, papers.router, photos.router, reading.router)
