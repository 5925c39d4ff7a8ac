"""What `manage.py evaluate --gaming` runs: servers, databases and two runs of the real way."""
