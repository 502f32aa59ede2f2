#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    """Run one management command with the portal's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
    # Deferred: settings must be named first.
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018 – reads the environment, so that a wrong value is told in one sentence
    except ImproperlyConfigured as error:
        sys.exit(f"settings: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
