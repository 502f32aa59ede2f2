"""Two calls for the demo: one judged, announced and closed, one in which judge1–judge5 are asked to score."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from families.calls.actions import send_notice
from families.calls.queries import addressable
from families.demo.mottos import MOTTOS, SURNAMES
from families.demo.recitations import FOLDER
from families.judging import actions
from families.judging.models import AwardList
from families.works.actions.calls import close_call, end_of, ensure_categories, open_call, save_call, start_of
from families.works.actions.review import accept, pass_format
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience, Origin
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.files import parts, processing
from portal.files.picked import Picked
from portal.files.rules import media_limits
from portal.privacy.rules import ConsentType
from portal.reviews.judging import actions as judging
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.queries import ties_of
from portal.units.models import Level, Unit

CITY, COUNTY = "140300000000", "140321000000"
# slug, title, theme, number of works, prefix of the phones
DONE = ("zhongwen-{year}", "{year} 年清廉家风格言征集", "写一句守得住的家风格言", 14, "1371")
RUNNING = ("jiayu-{year}", "{year} 年“好家风”家训诵写征集", "把家里常说的一句话写下来", 12, "1372")
# Category, title, recording, what is read. The tones stand for voices: no real person is heard.
SPOKEN = (
    ("RECITATION", "诵《朱子治家格言》", "tone-1.mp3", "一粥一饭，当思来处不易；半丝半缕，恒念物力维艰。"),
    ("RECITATION", "诵《诫子书》", "tone-2.mp3", "静以修身，俭以养德。非淡泊无以明志，非宁静无以致远。"),
    ("SHORT_VIDEO", "廉字墙", "film-1.mp4", "画面是一面写着家规的墙，旁白：清清白白做人，踏踏实实做事。"),
)  # fmt: skip
SPOKEN_LATE = (
    ("RECITATION", "诵《石灰吟》", "tone-3.mp3", "粉骨碎身浑不怕，要留清白在人间。"),
    ("RECITATION", "诵《墨梅》", "tone-4.m4a", "不要人夸好颜色，只留清气满乾坤。"),
)  # fmt: skip


def _call(demo: Demo, plan: tuple[str, str, str, int, str], codes: tuple[str, ...]) -> WorkCall:
    year, city = demo.today.year, demo.users["city"]
    call = save_call(
        actor=city, token=f"demo-judging-{plan[0]}", categories=list(WorkCategory.objects.filter(code__in=codes)),
        fields={
            "slug": plan[0].format(year=year), "title": plan[1].format(year=year), "theme": plan[2], "unit": demo.unit(CITY),
            "intro": "不写作者、不写单位，评委只看作品。", "audience_text": "平定县家庭", "open_on": date(year, 1, 1),
            "close_on": demo.today, "max_per_person": 3, "no_fee": True, "is_demo": True,
            "organisers": [{"role": "主办", "name": "市妇联"}], "contact": "市妇联家庭和儿童工作部",
        },
    )  # fmt: skip
    open_call(actor=city, call=call)
    call.refresh_from_db()
    send_notice(
        actor=city, call=call, units=addressable(call, "counties"), note="请按计划组织家庭参与", wanted=5
    )
    return call


def _works(demo: Demo, call: WorkCall, number: int, prefix: str) -> None:
    for n in range(number):
        title, text, story = MOTTOS[(n + len(prefix) * 5) % len(MOTTOS)]
        _accepted(demo, call, "MOTTO", f"{prefix}{n:07d}", title=title, text=text, story=story)


def _accepted(
    demo: Demo, call: WorkCall, code: str, phone: str, *, recording: str = "", **words: Any
) -> None:
    """Sent in by a family, accepted by two people: what judges may be given."""
    villages = Unit.objects.open().under(demo.unit(COUNTY).path).filter(level=Level.VILLAGE).order_by("path")
    name = f"{demo.rng.choice(SURNAMES)}{demo.rng.choice(['女士', '先生'])}"
    actor, token = visitor_for(phone_hash(phone)), f"00000000-0000-4000-9000-0{phone}"
    media = Picked()
    if recording:
        upload = SimpleUploadedFile(recording, (FOLDER / recording).read_bytes())
        file = parts.stage_plain(upload, token=token, actor=actor, field="recording", limits=media_limits())
        processing.process(file_id=file.pk)
        media = Picked(token=token, field="recording", staged=(file.public_id,))
    entry = Entry(
        category=call.categories.get(code=code), unit=demo.rng.choice(list(villages[:200])), phone=phone, media=media,
        audience=Audience.ORGANISATION, origin=demo.rng.choice([Origin.INHERITED, Origin.CREATED]), licence=True,
        authors=(AuthorEntry(name, f"19{demo.rng.randint(55, 99)}-0{demo.rng.randint(1, 9)}"),),
        consents={str(ConsentType.PROCESSING): "演示"}, **words,
    )  # fmt: skip
    work, _code = submit(actor=actor, call=call, entry=entry, token=token)
    Work.every.filter(pk=work.pk).update(is_demo=True)
    work.refresh_from_db()
    pass_format(actor=demo.users["city_review"], work=work)
    accept(actor=demo.users["county_review"], work=work)  # a second person, of the county


def _recordings(demo: Demo, call: WorkCall, rows: tuple[tuple[str, str, str, str], ...], prefix: str) -> None:
    for n, (code, title, recording, words) in enumerate(rows):
        phone = f"{prefix}{n:07d}"
        _accepted(
            demo, call, code, phone, recording=recording, title=title, text="", extra={"transcript": words}
        )


def _judges(demo: Demo) -> list[User]:
    return [demo.users[f"judge{n}"] for n in range(1, 6)]


def _score(demo: Demo, stage: JudgingStage, share: float = 1.0) -> None:
    """Strict and mild judges, better and weaker works, as it is in life."""
    strict = {user.pk: demo.rng.choice([-3, -1, 0, 1, 2]) for user in _judges(demo)}
    rows = list(
        Sheet.objects.filter(item__stage=stage)
        .select_related("item__stage", "item__criteria", "judge")
        .order_by("pk")
    )
    quality = {item: demo.rng.randint(72, 94) for item in sorted({sheet.item_id for sheet in rows})}
    for sheet in rows[: round(len(rows) * share)]:
        values = {}
        for number, one in enumerate(sheet.item.criteria.items):
            percent = quality[sheet.item_id] + strict[sheet.judge_id] + demo.rng.randint(-4, 4)
            values[number] = (Decimal(one["weight"]) * percent / 100).quantize(Decimal("0.5"))
        judging.save_sheet(actor=sheet.judge, sheet=sheet, values=values, version=sheet.version, hand_in=True)


def _round(demo: Demo, call: WorkCall, judges: list[User], due_on: date) -> JudgingStage:
    city = demo.users["city"]
    stage = actions.new_stage(
        actor=city, call=call, kind="first", each=3, due_on=due_on, judges=judges, chair=judges[0],
        contact="市妇联家庭和儿童工作部", keep_share=50, token=f"demo-stage-{call.slug}",
    )  # fmt: skip
    judging.assign(actor=city, stage=stage)
    judging.open_stage(actor=city, stage=stage)
    return stage


def build(demo: Demo) -> None:
    """The finished call, then the running one."""
    ensure_categories()
    done = _call(demo, DONE, ("MOTTO",))
    _works(demo, done, DONE[3], DONE[4])
    stage = _round(demo, done, _judges(demo)[:3], demo.today)
    _score(demo, stage)
    judging.close_stage(actor=demo.users["city"], stage=stage)
    _part(stage)
    row = actions.draft_awards(actor=demo.users["city"], call=done)
    actions.propose(actor=demo.users["city"], row=row)
    actions.confirm(actor=demo.users["city_review"], row=row, first=demo.today)
    # The demo's notice began two weeks ago, so that its result can be announced today.
    AwardList.objects.filter(pk=row.pk).update(
        publicity_from=demo.today - timedelta(days=14), publicity_to=demo.today - timedelta(days=7)
    )
    row.refresh_from_db()
    actions.announce(actor=demo.users["city_review"], row=row)
    running = _call(demo, RUNNING, ("MOTTO", "RECITATION", "SHORT_VIDEO"))
    _works(demo, running, RUNNING[3], RUNNING[4])
    _recordings(demo, running, SPOKEN, "1373")
    current = _round(demo, running, _judges(demo), demo.today + timedelta(days=7))
    _score(demo, current, share=0.3)
    _recordings(
        demo, running, SPOKEN_LATE, "1374"
    )  # accepted after the round was made: they wait to be taken in
    for call, days in ((done, 40), (running, 5)):
        close_call(actor=demo.users["city"], call=call, reason="征集结束，进入评审")
        WorkCall.objects.filter(pk=call.pk).update(
            open_at=start_of(demo.today - timedelta(days=days + 60)),
            close_at=end_of(demo.today - timedelta(days=days)),
        )
    demo.say("demo: one call judged and announced, one before judges")


def _part(stage: JudgingStage) -> None:
    """Equal works of the finished round, put in order by the chair."""
    for group in ties_of(stage):
        judging.part_tie(
            actor=stage.chair, stage=stage, order=[item.pk for item in group], reason="更贴近主题的在前"
        )


def is_there() -> bool:
    """Built already?"""
    return JudgingStage.objects.filter(is_demo=True).exists()


register(DemoPart("judging", 55, build, is_there))
