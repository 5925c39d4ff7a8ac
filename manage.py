#!/usr/bin/env python
"""Run one of the project's commands: `manage.py up`, `manage.py help`, …"""

import os
import sys
from pathlib import Path


def main() -> None:
    from klout.services.environment import adopt

    adopt(sys.argv, Path(__file__).resolve().parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
