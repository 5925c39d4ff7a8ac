"""The Celery application: every worker and beat process starts from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")

app = Celery("klout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
