"""The open call for family mottos and what families sent: through the real actions, step by step."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from families.demo.mottos import MOTTOS, SURNAMES
from families.search.actions import put_in
from families.works.actions.calls import ensure_categories, open_call, save_call
from families.works.actions.review import pass_format, send_back
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience, Origin
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

SLUG = "jiaxun-{year}"
CITY = "140300000000"
# How far the works of the demo come: published, in the gate, waiting, returned, kept by the organisation.
PUBLISHED, IN_GATE, WAITING, RETURNED, INTERNAL = 44, 6, 9, 2, 5


def _call(demo: Demo) -> WorkCall:
    ensure_categories()
    year = demo.today.year
    known = WorkCall.objects.filter(slug=SLUG.format(year=year)).first()
    if known is not None:
        return known
    call = save_call(
        actor=demo.users["city"], token=f"demo-call-{year}", categories=[WorkCategory.objects.get(code="MOTTO")],
        fields={
            "slug": SLUG.format(year=year), "title": f"{year} 年“家庭助廉”家规家训征集",
            "theme": "写一句家里的规矩，讲一讲它的来历", "unit": demo.unit(CITY),
            "intro": "以可传承的家规家训及其产生形成的背景、效果及家教故事为内容，大人孩子都能参加。",
            "audience_text": "全市家庭，年龄不限；未满 14 周岁由监护人办理", "open_on": date(year, 3, 1),
            "close_on": max(date(year, 12, 31), demo.today + timedelta(days=30)), "max_per_person": 3, "no_fee": True,
            "organisers": [{"role": "主办", "name": "市妇联"}], "contact": "各县（区）妇联、村（社区）妇女之家", "is_demo": True,
        },
    )  # fmt: skip
    open_call(actor=demo.users["city"], call=call)
    return call


def _places(demo: Demo) -> list[Unit]:
    villages = Unit.objects.open().under(demo.unit(CITY).path).filter(level=Level.VILLAGE)
    found = list(villages.order_by("path"))
    return [demo.rng.choice(found) for _ in range(PUBLISHED + IN_GATE + WAITING + RETURNED + INTERNAL)]


def _entry(demo: Demo, call: WorkCall, number: int, unit: Unit) -> Entry:
    title, text, story = MOTTOS[number % len(MOTTOS)]
    name = f"{demo.rng.choice(SURNAMES)}{demo.rng.choice(['女士', '先生'])}"
    internal = number >= PUBLISHED + IN_GATE + WAITING + RETURNED
    audience = (
        Audience.ORGANISATION
        if internal
        else demo.rng.choice([Audience.PUBLIC, Audience.PUBLIC, Audience.ANONYMOUS])
    )
    kinds = [ConsentType.PROCESSING, *([] if internal else [ConsentType.PUBLICATION])]
    return Entry(
        category=call.categories.get(code="MOTTO"), title=title, text=text, story=story, unit=unit, audience=audience,
        origin=demo.rng.choice([Origin.INHERITED, Origin.CREATED]), licence=True, phone=f"138{number:08d}",
        authors=_authors(demo, number, name), household=f"{name[0]}家" if number % 7 == 3 else "", household_agreed=True,
        consents={str(kind): "演示" for kind in kinds},
    )  # fmt: skip


def _authors(demo: Demo, number: int, name: str) -> tuple[AuthorEntry, ...]:
    """Usually one; every fifth motto was thought of by one and written with the brush by another."""
    first = AuthorEntry(name, f"19{demo.rng.randint(55, 99)}-0{demo.rng.randint(1, 9)}")
    if number % 5 != 2:
        return (first,)
    other = AuthorEntry(f"{SURNAMES[number % len(SURNAMES)]}老师", "1968-04", role="书写")
    return (replace(first, role="撰文"), other)


def build(demo: Demo) -> None:
    """Submit, check, read and publish; then spread the days over the year."""
    call = _call(demo)
    for number, unit in enumerate(_places(demo)):
        entry = _entry(demo, call, number, unit)
        token = f"00000000-0000-4000-8000-{number:012d}"
        work, _code = submit(actor=visitor_for(phone_hash(entry.phone)), call=call, entry=entry, token=token)
        Work.every.filter(pk=work.pk).update(is_demo=True)
        work.refresh_from_db()
        _walk(demo, work, number)
        _spread(demo, work, number)
    demo.say(f"demo: {Work.objects.filter(is_demo=True).count()} works")


def _walk(demo: Demo, work: Work, number: int) -> None:
    if number >= PUBLISHED + IN_GATE:
        if PUBLISHED + IN_GATE + WAITING <= number < PUBLISHED + IN_GATE + WAITING + RETURNED:
            send_back(
                actor=demo.users["city_review"], work=work, reason="请补充这句家训的来历，一两句话就可以。"
            )
        return
    pass_format(actor=demo.users["city_review"], work=work)
    if number < PUBLISHED:
        row = Publication.objects.get(content_type="work", target_id=work.pk)
        gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
        gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)


def _spread(demo: Demo, work: Work, number: int) -> None:
    """Demo rows only: works of a year did not all arrive today."""
    first = date(demo.today.year, 3, 1)
    span = max((demo.today - first).days - 3, 1)
    ago = demo.rng.randint(0, 6) if number >= PUBLISHED else demo.rng.randint(7, max(span, 8))
    day = demo.today - timedelta(days=min(ago, span))
    sent = datetime(
        day.year,
        day.month,
        day.day,
        demo.rng.randint(8, 20),
        demo.rng.randint(0, 59),
        tzinfo=timezone.get_default_timezone(),
    )
    fields: dict[str, Any] = {"submitted_at": min(sent, timezone.now())}
    rows = Work.every.filter(pk=work.pk)
    rows.update(**fields)
    if rows.filter(published_at__isnull=False).update(
        published_at=min(sent + timedelta(days=3), timezone.now())
    ):
        put_in(rows.get())  # its place in the index is the day it came out


register(DemoPart("works", 50, build, lambda: Work.every.filter(is_demo=True).exists()))
