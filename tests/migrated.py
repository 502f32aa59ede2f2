"""The migrated database that every process of bin/test copies: `python -m tests.migrated make|drop NAME`."""

import gc
import os
import sys

import django


def main(what: str, name: str) -> None:
    """`name` is a file on SQLite, a database of the server on PostgreSQL; one that is left over is made anew."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    django.setup()
    from django.db import connection

    if what == "make":
        gc.disable()  # migrations render models by the ten thousand: a third of the time went into looking for waste
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    else:
        connection.settings_dict["NAME"] = name
        connection.creation.destroy_test_db(verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
