"""The doors to the notebook."""

from app.routers.notes import app, device, forms, frameworks, papers, photos, reading, records, reflections

ROUTERS = (
    app.router,
    device.router,
    forms.router,
    frameworks.router,
    papers.router,
    photos.router,
    reading.router,
    records.router,
    reflections.router,
)
