"""The Django project: settings, urls, Celery, the schedule, and `manage.py up`."""

from klout.celery import app as celery_app

__all__ = ["celery_app"]
