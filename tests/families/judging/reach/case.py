"""One work before judges, what nobody else may read of it, and how a person is asked everything."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from families.works.models import Work
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Role
from portal.accounts.models import User
from portal.accounts.second_factor import PASSED_KEY
from portal.files.models import StoredFile
from tests.factories.people import give, make_user
from tests.guards import reach

NAME, GUARDIAN, VILLAGE = "鬯鼐懿", "羑堃嵘", "鸮栖"
PHONE, GUARDIAN_PHONE, BORN, TITLE = "13977170928", "13966150739", "2014-07", "灯下一碗粥"
TEXT = f"我叫{NAME[0]} {NAME[1:]}，住{VILLAGE}社区，电话１３９7717-0928。当思来处不易，一粒米也不糟蹋。"
FILE = f"{NAME[0]}家堂屋.jpg"
WORDS = ("当思来处不易", "一粒米也不糟蹋")
ELSEWHERE = [role for role in Role if role not in EXCLUSIVE_ROLES | {Role.JUDGE}]


@dataclass
class Case:
    """The work, who judges it, and what nobody else may read."""

    work: Work
    twin: Work
    judges: list[User]
    keys: dict[str, list[str]]
    words: dict[str, str]
    places: list[str]

    def for_judges(self) -> reach.Secrets:
        """Judges may not even know the number, a masked name, or the address of a file."""
        files = StoredFile.objects.filter(target_type="work", target_id=str(self.work.pk))
        words = {
            **self.words,
            "number": self.work.no,
            "masked phone": "139****0928",
        }
        for at, file in enumerate(files):
            stems = [one.rpartition("/")[2].partition(".")[0][:24] for one in file.paths]
            words |= {f"file {at}": str(file.public_id), f"file {at} short": str(file.public_id)[:8]}
            words |= {f"tag {at}.{n}": stem for n, stem in enumerate(stems)}
        return reach.Secrets(words, [(WORDS, self.places)])

    def for_others(self) -> reach.Secrets:
        """Whoever has nothing to do with the place: not a word of the work either, unless it is the twin's."""
        return reach.Secrets(self.words, [(WORDS, self.places)])


def picture(name: str = FILE) -> SimpleUploadedFile:
    """A photo whose name and whose metadata name the family."""
    image, out, exif = (
        Image.linear_gradient("L").resize((1700, 1200)).convert("RGB"),
        io.BytesIO(),
        Image.Exif(),
    )
    exif[0x013B] = exif[0x010E] = f"{NAME} {VILLAGE}"
    image.save(out, "JPEG", exif=exif, comment=NAME.encode())
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def signed_in(user: User) -> Client:
    """With the second factor given, where a role needs one."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    session = client.session
    session[PASSED_KEY] = user.pk
    session.save()
    return client


def everybody_at(unit: Any) -> User:
    """One person with every business role of a place sees whatever any of them could."""
    user = make_user(ELSEWHERE[0], unit)
    for role in ELSEWHERE[1:]:
        give(user, role, unit)
    return user


def extra_addresses(case: Case) -> list[str]:
    """Keys that travel behind a question mark."""
    _no, token, half, code = case.keys["str"]
    form = f"/works/calls/{case.work.call.slug}/submit/"
    return [
        f"{form}?restore={half}", f"{form}?restore={token}", f"/works/resume/?code={code}", case.twin.staff_url,
        f"/me/?next=/me/works/{case.work.no}/",
    ]  # fmt: skip


def told_to(
    client: Client, case: Case, secrets: reach.Secrets, roles: Iterable[Role] | None = None
) -> list[tuple[str, int, str]]:
    """Everything this person is told: at every address, and by searching for what only the family knows."""
    held = None if roles is None else {perm for role in roles for perm in ROLES[role].perms}
    found = reach.walk(client, reach.addresses(case.keys, held=held, near=reach.NEAR), secrets)
    found += reach.walk(client, extra_addresses(case), secrets)
    plain = [
        url
        for url in reach.addresses({}, held=held)
        if "no-such-thing" not in url and not re.search(r"\d{6}", url)
    ]
    asked = reach.questions(reach.searched(client, plain), (NAME, PHONE, f"{VILLAGE}社区"))
    by_name = reach.Secrets({**secrets.words, "found by name": TITLE, "number": case.work.no})
    return found + reach.walk(client, asked, by_name)
