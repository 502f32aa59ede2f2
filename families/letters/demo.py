"""Letters of the demo: the three directions the federation asked for (父母对子女的叮咛、夫妻之间的关爱、子女对父母的提醒),
one answered in public, one for its recipient only. Written for the demo; nobody real is meant."""

from datetime import date, timedelta
from typing import Any

from families.letters import actions
from families.letters.models import Delivery
from families.letters.rules import LETTER
from families.works.actions.calls import ensure_categories, open_call, save_call
from families.works.actions.review import pass_format
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST

CITY = "140300000000"
PARENT = (
    "孩子：\n你到新岗位报到那天，妈送你到路口，有几句话在嘴边，怕你嫌啰唆，没有说。现在写下来，你有空慢慢看。\n"
    "你爷爷当了一辈子保管员，家里从没有多过一根公家的钉子。他常说，手伸出去容易，缩回来就难了。你小时候拿过人家一个苹果，"
    "他牵着你走了二里地还回去，你哭了一路，可从那以后再没有犯过。如今你管着项目，来找你的人会多起来，有的是真朋友，有的只是看中你手里的章。"
    "妈不懂你们的业务，妈只懂一条：不是自己的，一分也别要；该办的事，一天也别拖。\n"
    "家里什么都不缺。你爸的腿好多了，院里的菜也够吃。逢年过节你能回来，陪我们吃顿饭，就是最好的礼。要是有人把东西送到家里来，你放心，我和你爸一律不开门，"
    "电话里也会替你谢绝。你在外面站得直，我们在村里就走得响。\n"
    "天冷了，记得加衣服。工作再忙，也要按时吃饭，早点睡觉。\n妈妈"
)
SPOUSE = (
    "老伴：\n结婚快三十年了，头一回正正经经给你写信，笔拿在手里还有点不好意思。\n"
    "你当上副科长那年，我在厨房里跟你说过一句话：睡得着觉，比什么都强。这些年你没有忘，我都看在眼里。中秋那次，有人把两箱东西放在门口就走，"
    "你下班回来一句没问，骑上车就给人送了回去，回来出了一身汗，还笑着说权当锻炼。那天夜里我睡得特别踏实。\n"
    "我知道你也有难处。同学托你办事，亲戚嫌你不近人情，去年我弟弟家的事，你没有开口子，他半年没登门。我心里也别扭过，后来想明白了：今天为他破了例，"
    "明天就得为别人破例，这个家就再也安生不了。如今弟弟自己想通了，过年提着一兜冻柿子来，你们俩喝了半宿茶。\n"
    "往后的日子，家里的账我来管，一笔一笔都记着；你只管把公家的账管清楚。等退了休，咱们哪儿也不怕去，谁家的门都敢敲，见了谁都能抬着头说话。\n"
    "晚上少熬夜，胃药在左边抽屉里。\n等你回家吃饭的人"
)
CHILD = (
    "爸爸：\n老师让我们给家长写一封信，我想了很久，决定写给您。\n"
    "从小您就教我，答应别人的事要做到，别人的东西不能拿。我记得五年级的时候，我把班费里剩下的三块钱买了雪糕，您知道以后没有骂我，"
    "只是陪我走到学校，让我自己跟老师说。那天我脸红得不行，可是说完以后心里一下子轻了。您说，心里轻，比嘴里甜要紧。\n"
    "现在轮到我提醒您了。您最近应酬多了，回来得晚，妈妈总把饭热了又热。您说都是工作，可我想，工作应该在办公室里做，不应该在酒桌上做。"
    "上次有位叔叔来家里，临走放下一个信封，您追到楼下还给他，我在窗户里看见了，我特别骄傲，后来写进了作文里，老师念给全班听。\n"
    "爸爸，我不要名牌鞋，也不要出国玩，我只想您周末能陪我打一场球，晚上能按时回家。您在我心里一直是最正直的人，请您永远都这样。\n"
    "等我长大了，也要做一个像您教我的那样的人。\n您的孩子"
)
REPLY = (
    "孩子：\n信看了三遍，收在抽屉里，跟你小时候的奖状放在一起。你说得对，饭桌上办不了的事，本来就不该在饭桌上办。从这个月起，"
    "没有公事的晚上我都回家吃饭，这一条你来监督。周六上午九点，球场见，输的人洗碗。\n爸爸"
)
KEPT = (
    "妈：\n有件事一直没敢当面说。今年春天有人托我在验收单上签字，我犹豫了一个晚上，想起姥爷那只磨光了的算盘，第二天还是把单子退了回去。"
    "后来那个项目出了问题，签字的人都在写检查。我一点也不高兴，只是后怕。\n"
    "小时候您教我打算盘，总说打错了不要紧，要紧的是肯从头再打一遍。这些年我在外头，遇到拿不准的事，就在心里从头打一遍，也就知道该怎么做了。"
    "这封信只给您一个人看，不用给别人念，也别跟爸说我犹豫过。\n您的腰还疼不疼？上次寄的膏药要是管用，我再买。过了霜降我请几天假回来，帮您把萝卜窖了，再把东屋的窗户糊上。"
    "家里的鸡下了蛋别给我攒着，您和爸自己吃，别心疼那几个钱。\n我在这边一切都好，吃得下，睡得着，单位的同事也都和气，请您和爸放心。等我回来，咱们还像从前那样，一边剥豆子一边说话。\n闺女"
)
KEPT_REPLY = "闺女：\n妈看了信，没给别人念。退得对。睡得着就好，萝卜等你回来窖。腰好多了，膏药还有。\n妈"

# In order: what it is called, its words, who writes to whom, the writer with birth month and phone, the village, the
# audience, and the reply with its own writer and audience.
LETTERS: list[tuple[Any, ...]] = [
    ("写在你报到以后", PARENT, "parent_to_child", "王女士", "1962-04", "13600000001", "140321100013", Audience.PUBLIC, None),
    ("等你回家吃饭", SPOUSE, "spouse", "李女士", "1971-09", "13600000002", "140321100013", Audience.ANONYMOUS, None),
    (
        "爸爸，轮到我提醒您了", CHILD, "child_to_parent", "陈同学", "2004-02", "13600000003", "140321100013", Audience.PUBLIC,
        (REPLY, "陈先生", "1975-06", "13600000013", Audience.ANONYMOUS),
    ),
    (
        "只说给您听", KEPT, "child_to_parent", "赵女士", "1988-11", "13600000004", "140321100013", Audience.ONLY_RECIPIENT,
        (KEPT_REPLY, "赵大娘", "1957-01", "13600000014", Audience.ONLY_RECIPIENT),
    ),
]  # fmt: skip


def _call(demo: Demo) -> WorkCall:
    ensure_categories()
    year = demo.today.year
    known = WorkCall.objects.filter(slug=f"jiashu-{year}").first()
    if known is not None:
        return known
    call = save_call(
        actor=demo.users["city"], token=f"demo-letters-{year}", categories=[WorkCategory.objects.get(code=LETTER)],
        fields={
            "slug": f"jiashu-{year}", "title": f"{year} 年“家庭助廉”家书征集", "unit": demo.unit(CITY),
            "theme": "父母对子女的叮咛、夫妻之间的关爱、子女对父母的提醒",
            "intro": "写一封给家人的信，可以寄到家人的手机上，也可以请家人回信。谁能看到由您决定。",
            "audience_text": "全市家庭", "open_on": date(year, 3, 1), "max_per_person": 2, "no_fee": True,
            "close_on": max(date(year, 12, 31), demo.today + timedelta(days=30)), "organisers": [{"role": "主办", "name": "市妇联"}], "contact": "各县（区）妇联", "is_demo": True,
        },
    )  # fmt: skip
    open_call(actor=demo.users["city"], call=call)
    return call


def _entry(call: WorkCall, unit: Any, *, title: str, text: str, name: str, born: str, phone: str, audience: str, direction: str) -> Entry:  # fmt: skip
    public = audience in (Audience.ANONYMOUS, Audience.PUBLIC)
    kinds = [ConsentType.PROCESSING, *([ConsentType.PUBLICATION, ConsentType.LICENCE] if public else [])]
    return Entry(
        category=call.categories.get(code=LETTER), title=title, text=text, unit=unit, audience=audience, licence=public,
        authors=(AuthorEntry(name, born),), phone=phone, consents={str(kind): "演示" for kind in kinds},
        extra={"direction": direction},
    )  # fmt: skip


def _publish(demo: Demo, work: Work) -> None:
    Work.every.filter(pk=work.pk).update(is_demo=True)
    work.refresh_from_db()
    if not work.wants_public:
        return
    pass_format(actor=demo.users["city_review"], work=work)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
    gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)


def build(demo: Demo) -> None:
    """Write, send, answer, publish – through the real actions."""
    call = _call(demo)
    for number, row in enumerate(LETTERS):
        title, text, direction, name, born, phone, unit_no, audience, reply = row
        entry = _entry(
            call, demo.unit(unit_no), title=title, text=text, name=name, born=born, phone=phone, audience=audience, direction=direction,
        )  # fmt: skip
        author = visitor_for(phone_hash(phone))
        work, _code = submit(
            actor=author, call=call, entry=entry, token=f"00000000-0000-4000-8001-{number:012d}"
        )
        _publish(demo, work)
        if reply is not None:
            _answer(demo, call, Work.every.get(pk=work.pk), number, reply)
    demo.say(f"demo: {len(LETTERS)} letters, {Delivery.objects.filter(reply__isnull=False).count()} answered")


def _answer(demo: Demo, call: WorkCall, work: Work, number: int, reply: tuple[Any, ...]) -> None:
    text, name, born, phone, audience = reply
    author, reader = visitor_for(work.phone_hash), visitor_for(phone_hash(phone))
    token = f"00000000-0000-4000-8002-{number:012d}"
    delivery = actions.send(actor=author, work=work, to_name=name, phone=phone, token=token)
    actions.opened(actor=reader, delivery=delivery)
    entry = _entry(
        call, work.unit, title=f"回信：{work.title}", text=text, name=name, born=born, phone=phone, audience=audience,
        direction="other_kin" if work.extra["direction"] == "spouse" else "parent_to_child",
    )  # fmt: skip
    _publish(
        demo,
        actions.reply(actor=reader, delivery=delivery, entry=entry, token=token.replace("-8002-", "-8004-")),
    )


register(DemoPart("letters", 55, build, lambda: Delivery.objects.filter(work__is_demo=True).exists()))
