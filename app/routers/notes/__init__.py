"""The doors to the notebook."""

from app.routers.notes import device, papers, photos

ROUTERS = (device.router, papers.router, photos.router)
