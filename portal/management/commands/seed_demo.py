"""`manage.py seed_demo`: build the demo of 阳泉 and 玉屏 from the facts of the source documents."""

import json
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.access.roles import ROLES
from portal.accounts.models import User
from portal.dashboards.rollup import roll_up_all
from portal.demo.people import ACCOUNTS, new_password, totp_secrets
from portal.demo.registry import Demo, in_order
from portal.jobs.models import Job, JobState


class Command(BaseCommand):
    """Idempotent: parts that are there stay as they are. Writes demo-accounts.json into the data folder."""

    help = "Build the demo (needs PORTAL_DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument(
            "--seed", type=int, default=2026, help="the same seed gives the same demo (default 2026)"
        )
        parser.add_argument(
            "--today", type=date.fromisoformat, help="build it as of this day (default: today)"
        )
        parser.add_argument("--password", help="use this password instead of a fresh one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is missing, part by part."""
        if not settings.DEMO:
            raise CommandError("seed_demo needs PORTAL_DEMO=1; demo accounts have no place in production")
        file = Path(settings.DATA_DIR) / "demo-accounts.json"
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        demo = Demo(
            rng=random.Random(options["seed"]),
            today=options["today"] or timezone.localdate(),
            say=self.stdout.write,
            password=options["password"] or known.get("password") or new_password(),
        )
        built = False
        for part in in_order():
            started = time.monotonic()
            if part.is_there():
                if part.code == "people":
                    demo.users = _users()
                continue
            demo.rng.seed(f"{options['seed']}:{part.code}")
            part.build(demo)
            built = True
            self.stdout.write(f"demo: {part.code} built in {time.monotonic() - started:.1f} s")
        if built:
            self.stdout.write(f"demo: figures of {roll_up_all()} months")
            # What was queued for these figures while building is done with them.
            Job.objects.filter(kind="dashboards.rollup", state=JobState.QUEUED).delete()
        self._write(file, demo)

    def _write(self, file: Path, demo: Demo) -> None:
        secrets = totp_secrets()
        accounts = [
            {
                "username": username, "name": name, "unit": demo.unit(unit_no).name,
                "role": "、".join(str(ROLES[role].label) for role in roles),
                **({"totp_secret": secrets[username]} if username in secrets else {}),
            }
            for username, name, _title, roles, unit_no in ACCOUNTS
        ]  # fmt: skip
        file.parent.mkdir(parents=True, exist_ok=True)
        body = {"password": demo.password, "accounts": accounts}
        file.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        file.chmod(0o600)
        self.stdout.write(f"password: {demo.password}")
        for account in accounts:
            secret = f"  TOTP {account['totp_secret']}" if "totp_secret" in account else ""
            self.stdout.write(f"  {account['username']:<14}{account['role']}　{account['unit']}{secret}")


def _users() -> dict[str, Any]:

    return {user.username: user for user in User.objects.filter(is_demo=True)}
