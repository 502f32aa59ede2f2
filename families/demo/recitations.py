"""经典吟诵: the call around the day of reading and recordings of a few seconds, through the real actions."""

from datetime import date, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from families.demo.mottos import SURNAMES
from families.likeness.actions import compare
from families.works.actions.calls import ensure_categories, open_call, save_call
from families.works.actions.review import pass_format
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.files import captions, parts, processing
from portal.files.picked import Picked
from portal.files.rules import media_limits
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

FOLDER = Path(__file__).with_name("recordings")
CITY = "140300000000"
# Category, title, recording, what is read, published. The tones stand for voices: no real person is heard.
ROWS = (
    ("RECITATION", "诵《朱子治家格言》", "tone-1.mp3", "一粥一饭，当思来处不易；半丝半缕，恒念物力维艰。", True),
    ("RECITATION", "诵《诫子书》", "tone-2.mp3", "静以修身，俭以养德。非淡泊无以明志，非宁静无以致远。", True),
    ("RECITATION", "祖孙同诵《石灰吟》", "tone-3.mp3", "粉骨碎身浑不怕，要留清白在人间。", True),
    ("RECITATION", "诵《墨梅》", "tone-4.m4a", "不要人夸好颜色，只留清气满乾坤。", True),
    ("RECITATION", "再诵《诫子书》", "tone-2.mp3", "静以修身，俭以养德。非淡泊无以明志，非宁静无以致远。", False),
    ("SHORT_VIDEO", "我家的“廉”字墙", "film-1.mp4", "画面是一面写着家规的墙，旁白：清清白白做人，踏踏实实做事。", True),
)  # fmt: skip


def _call(demo: Demo) -> WorkCall:
    ensure_categories()
    slug = f"yinsong-{demo.today.year}"
    known = WorkCall.objects.filter(slug=slug).first()
    if known is not None:
        return known
    call = save_call(
        actor=demo.users["city"], token=f"demo-recital-{demo.today.year}",
        categories=list(WorkCategory.objects.filter(code__in=("RECITATION", "SHORT_VIDEO", "STAGE"))),
        fields={
            "slug": slug, "title": f"{demo.today.year} 年“中华传统经典吟诵”作品征集",
            "theme": "世界读书日前后，一家人读一段经典", "unit": demo.unit(CITY),
            "intro": "录一段 5 分钟以内的吟诵或短视频，手机录音就行；请附上文字稿，方便听不见的人。",
            "audience_text": "全市家庭，年龄不限；未满 14 周岁由监护人办理", "open_on": date(demo.today.year, 4, 1),
            "close_on": max(date(demo.today.year, 12, 31), demo.today + timedelta(days=30)), "max_per_person": 3,
            "no_fee": True, "organisers": [{"role": "主办", "name": "市妇联"}], "contact": "各县（区）妇联、村（社区）妇女之家", "is_demo": True,
        },
    )  # fmt: skip
    open_call(actor=demo.users["city"], call=call)
    return call


def _captions(words: str, seconds: float) -> str:
    """The words in two captions, half of the time each."""
    first, mark, second = words.partition("；") if "；" in words else words.partition("，")
    cues = [captions.Cue(0.2, seconds / 2, first + mark), captions.Cue(seconds / 2, seconds, second)]
    return captions.write(cue for cue in cues if cue.text)


def build(demo: Demo) -> None:
    """Stage, submit, make the clean copies, check, publish; two entries with one recording stay for the reviewer."""
    call = _call(demo)
    villages = list(
        Unit.objects.open().under(demo.unit(CITY).path).filter(level=Level.VILLAGE).order_by("path")[:200]
    )
    for number, (code, title, name, words, published) in enumerate(ROWS):
        token = f"00000000-0000-4000-8002-{number:012d}"
        phone = f"137{number:08d}"
        actor = visitor_for(phone_hash(phone))
        upload = SimpleUploadedFile(name, (FOLDER / name).read_bytes())
        file = parts.stage_plain(upload, token=token, actor=actor, field="recording", limits=media_limits())
        who = f"{demo.rng.choice(SURNAMES)}{demo.rng.choice(['女士', '先生'])}"
        entry = Entry(
            category=call.categories.get(code=code), title=title, text="", unit=demo.rng.choice(villages),
            audience=Audience.PUBLIC, licence=True, phone=phone, extra={"transcript": words},
            authors=(AuthorEntry(who, f"19{demo.rng.randint(60, 95)}-0{demo.rng.randint(1, 9)}"),),
            consents={str(kind): "演示" for kind in (ConsentType.PROCESSING, ConsentType.PUBLICATION)},
            media=Picked(token=token, field="recording", staged=(file.public_id,)),
            captions=_captions(words, file.seconds or 0),
        )  # fmt: skip
        work, _code = submit(actor=actor, call=call, entry=entry, token=token)
        Work.every.filter(pk=work.pk).update(is_demo=True)
        work.refresh_from_db()
        processing.process(file_id=file.pk)
        compare(work_id=work.pk)
        if published:
            _publish(demo, work)
    demo.say(f"demo: {len(ROWS)} recordings")


def _publish(demo: Demo, work: Work) -> None:
    pass_format(actor=demo.users["city_review"], work=work)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
    gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)


register(
    DemoPart(
        "recitations",
        52,
        build,
        lambda: Work.every.filter(client_token__startswith="00000000-0000-4000-8002-").exists(),
    )
)
