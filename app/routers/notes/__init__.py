"""The doors to the notebook."""

from app.routers.notes import app, device, forms, papers, photos, reading, records

ROUTERS = (app.router, device.router, forms.router, papers.router, photos.router, reading.router, records.router)
