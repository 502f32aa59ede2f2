"""The project package and shared kernel of the clean-family portal."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
