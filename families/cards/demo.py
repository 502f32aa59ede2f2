"""亲情寄语 and desk cards of 玉屏 for the demo (seed: "将亲情寄语配上图案，制作成桌签"). Written for the demo; nobody real is meant."""

import io
import uuid
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from families.cards import actions
from families.cards.models import CardBatch
from families.cards.rules import MESSAGE, Fold, Lettering, Pattern, Sheet, Size
from families.works.actions.calls import ensure_categories, open_call, save_call
from families.works.actions.review import pass_format
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience
from portal.access.roles import Reach, Role
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.files import actions as files
from portal.files.picked import Picked
from portal.files.processing import process
from portal.grants.models import Grant
from portal.privacy.rules import ConsentType
from portal.typeset import FONTS
from portal.units.models import Level, Unit

YUPING = "520622000000"
CARDS, UNCHECKED, SILENT, WITHDRAWN, WRITTEN = 60, 2, 2, 1, 3
# What families say about work, life, study, honesty and diligence, as the source names it: text, to, from.
MESSAGES: list[tuple[str, str, str]] = [
    ("守得住清白，回得了家门。", "老公", "爱人"),
    ("手莫乱伸，话莫乱应，晚上早点回来。", "孩子他爸", "爱人"),
    ("家里的灯给你留着，别人的礼给人退了。", "老伴", "爱人"),
    ("你把公家的账管清，我把家里的账管好。", "老公", "爱人"),
    ("当干部是一阵子，做人是一辈子。", "儿子", "父亲"),
    ("不是自己的，一分也莫要。", "幺儿", "母亲"),
    ("为人要正，办事要公，吃饭要按时。", "闺女", "母亲"),
    ("乡亲的事，今天能办莫拖明天。", "儿子", "父亲"),
    ("爸爸，您在我心里一直是最正直的人。", "爸爸", "女儿"),
    ("妈妈，您教我不说谎，我们一起做到。", "妈妈", "儿子"),
    ("爸爸少喝酒，多回家，我等您讲故事。", "爸爸", "儿子"),
    ("妈妈下乡辛苦了，路上慢点开车。", "妈妈", "女儿"),
    ("算好家庭账、事业账，走好人生路。", "姐夫", "弟弟"),
    ("人情再大，大不过规矩。", "哥哥", "妹妹"),
    ("粗茶淡饭，心安最香。", "老伴", "爱人"),
    ("一家人平平安安在一起，比什么都强。", "老公", "爱人"),
]


def _call(demo: Demo) -> WorkCall:
    ensure_categories()
    year = demo.today.year
    call = WorkCall.objects.filter(slug=f"jiyu-yuping-{year}").first()
    if call is not None:
        return call
    editor = _editor(demo)
    call = save_call(
        actor=editor, token=f"demo-cards-{year}",
        categories=[WorkCategory.objects.get(code=MESSAGE)],
        fields={
            "slug": f"jiyu-yuping-{year}", "title": f"{year} 年“廉政亲情寄语”征集", "unit": demo.unit(YUPING),
            "theme": "请亲人写一句话，放在办公桌上，天天看得见",
            "intro": "干部职工的亲人对其工作、生活、学习、廉政、勤政提出寄语，亲自书写；家人同意的，配上图案做成桌签。",
            "audience_text": "全县干部职工家庭", "open_on": date(year, 2, 1), "max_per_person": 1, "no_fee": True,
            "close_on": max(date(year, 12, 31), demo.today + timedelta(days=30)), "organisers": [{"role": "主办", "name": "玉屏侗族自治县妇联"}], "contact": "玉屏侗族自治县妇联", "is_demo": True,
        },
    )  # fmt: skip
    open_call(actor=editor, call=call)
    Grant.objects.filter(user=editor).update(ended_at=timezone.now())
    return call


def _editor(demo: Demo) -> User:
    """Calls are edited from the city up; the demo has nobody there for this county, so somebody lends a hand once."""
    user, _made = User.objects.get_or_create(
        username="yuping_call", defaults={"display_name": "玉屏征集", "password": "!", "is_demo": True}
    )
    Grant.objects.get_or_create(
        user=user, role=Role.CITY_OP.value, unit=demo.unit(YUPING), delegated_from=None,
        defaults={"reach": Reach.SUBTREE, "starts_on": demo.today.replace(month=1, day=1), "reason": "演示"},
    )  # fmt: skip
    return user


def _message(demo: Demo, call: WorkCall, number: int, unit: Unit) -> Work:
    text, to_name, relation = MESSAGES[number % len(MESSAGES)]
    surname = "杨吴姚田罗张龙刘舒黄"[number % 10]
    phone = f"135{number:08d}"
    is_written = number < WRITTEN
    token = f"00000000-0000-4000-8003-{number:012d}"
    entry = Entry(
        category=call.categories.get(code=MESSAGE), title=f"给{to_name}的一句话", text="" if is_written else text, unit=unit,
        audience=Audience.ORGANISATION, authors=(AuthorEntry(f"{surname}{'女士' if number % 3 else '先生'}", "1975-05"),),
        phone=phone, consents={str(ConsentType.PROCESSING): "演示"}, extra={"to_name": to_name, "relation": relation},
        photos=_photo(text, token) if is_written else Picked(),
    )  # fmt: skip
    work, _code = submit(actor=visitor_for(phone_hash(phone)), call=call, entry=entry, token=token)
    Work.every.filter(pk=work.pk).update(is_demo=True)
    work.refresh_from_db()
    return work


def _photo(text: str, token: str) -> Picked:
    """A sheet of paper with the words, photographed in uneven light."""
    font = ImageFont.truetype(str(FONTS / "LXGWWenKai-Medium.ttf"), 96)
    paper = Image.radial_gradient("L").resize((1400, 900)).point(lambda x: 236 - x // 3).convert("RGB")
    ImageDraw.Draw(paper).multiline_text(
        (200, 300), text.replace("，", "，\n"), font=font, fill=(38, 42, 78), spacing=28
    )
    out = io.BytesIO()
    paper.rotate(1.2, fillcolor=(150, 150, 150)).filter(ImageFilter.GaussianBlur(0.8)).save(
        out, "JPEG", quality=84
    )
    upload = SimpleUploadedFile("寄语.jpg", out.getvalue(), "image/jpeg")
    file = files.stage(upload, token=token, actor=None, field="files")
    process(file_id=file.pk)
    return Picked(token, "files", (file.public_id,))


def build(demo: Demo) -> None:
    """Sixty messages checked and agreed to, a few that are left out, and one batch in one file."""
    call = _call(demo)
    villages = list(
        Unit.objects.open().under(demo.unit(YUPING).path).filter(level=Level.VILLAGE).order_by("path")
    )
    works = []
    for number in range(CARDS + UNCHECKED + SILENT + WITHDRAWN):
        work = _message(demo, call, number, demo.rng.choice(villages))
        works.append(work)
        family: Any = visitor_for(work.phone_hash)
        silent = CARDS + UNCHECKED <= number < CARDS + UNCHECKED + SILENT
        if not silent:
            lettering = Lettering.HANDWRITTEN if number < WRITTEN else Lettering.TYPED
            pattern = list(Pattern)[number % len(Pattern)]
            actions.save(
                actor=family, work=work, lettering=lettering, pattern=pattern, crop=[], unit=None, opted=True
            )
        if not CARDS <= number < CARDS + UNCHECKED:
            pass_format(actor=demo.users["yuping_review"], work=work)
        if number >= CARDS + UNCHECKED + SILENT:
            actions.withdraw(actor=family, work=Work.every.get(pk=work.pk))
    actions.ask_batch(
        actor=demo.users["yuping"], unit=demo.unit(YUPING), chosen=works, size=Size.A5, fold=Fold.TENT, sheet=Sheet.A4,
        token=str(uuid.UUID(int=0x520622)),
    )  # fmt: skip
    demo.say(
        f"demo: {len(works)} messages of 玉屏, {CARDS} desk cards in one file (accounts yuping, yuping_review)"
    )


register(DemoPart("cards", 56, build, lambda: CardBatch.objects.filter(is_demo=True).exists()))
