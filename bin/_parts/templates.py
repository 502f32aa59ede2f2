"""Runs inside `.venv`: every template compiles."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django  # noqa: E402 - the path stands first
from django.template import TemplateSyntaxError  # noqa: E402
from django.template.loader import get_template  # noqa: E402


def main() -> int:
    django.setup()
    broken, total = [], 0
    for folder in [ROOT / "templates", *sorted(ROOT.glob("*/templates"))]:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in {".html", ".txt"}:
                continue
            total += 1
            try:
                get_template(path.relative_to(folder).as_posix())
            except (TemplateSyntaxError, UnicodeDecodeError, ImportError) as error:
                broken.append(f"{path.relative_to(ROOT)}: {error}")
    for line in broken:
        print(line)
    print(f"{total} templates, {len(broken)} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
