"""Initiatives and pledges: states, audiences, default clauses, what may be shown (domain reference §6). No database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal import vault
from portal.access.permissions import Perm
from portal.privacy.masking import COMPOUND_SURNAMES, child_name
from portal.reviews.workflow import Transition, table


class Audience(TextChoices):
    """Whom a pledge speaks to."""

    OFFICIALS = "officials", _("公职人员家庭")
    CADRE_KIN = "cadre_kin", _("党员干部家属")
    FAMILIES = "families", _("普通家庭")
    STAFF = "staff", _("妇联干部")
    CHILDREN = "children", _("少年儿童（小小监督员）")


class SignBy(TextChoices):
    """Who signs: one signature for the household, or each person for themselves."""

    HOUSEHOLD = "household", _("一户签一份")
    PERSON = "person", _("每人签一份")


class Relation(TextChoices):
    """Who in the family signs (of a child: the child, led by the guardian)."""

    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    PARENT = "parent", _("父母")
    CHILD = "child", _("子女")


class Method(TextChoices):
    """How it was signed."""

    ONLINE_SIGN = "online_sign", _("网上手写签名")
    CHECK = "check", _("网上勾选")
    PAPER_SCAN = "paper_scan", _("纸质签署（扫描）")
    ONSITE_BATCH = "onsite_batch", _("现场集体签名")


PAPER = (Method.PAPER_SCAN, Method.ONSITE_BATCH)


class PageState(TextChoices):
    """A text that goes through the publish gate: an initiative letter, one version of a pledge."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("送审中")
    PUBLISHED = "published", _("已公开")
    REPLACED = "replaced", _("已有新版")
    CLOSED = "closed", _("已停用")


class LetterState(TextChoices):
    """An initiative letter: as above without versions."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("送审中")
    PUBLISHED = "published", _("已公开")
    CLOSED = "closed", _("已撤下")


class RecordState(TextChoices):
    """Does a signature or paper batch count?"""

    VALID = "valid", _("有效")
    WITHDRAWN = "withdrawn", _("已撤回")


PAGE_TONES = {
    PageState.DRAFT: "", PageState.REVIEW: "warn", PageState.PUBLISHED: "ok", PageState.REPLACED: "info",
    PageState.CLOSED: "bad",
}  # fmt: skip
RECORD_TONES = {RecordState.VALID: "ok", RecordState.WITHDRAWN: ""}


def _gate_steps(kind: str) -> tuple[Transition, ...]:
    """Draft → review → public; the gate itself asks the two people, so its own steps need no permission here."""
    draft, review, public = PageState.DRAFT, PageState.REVIEW, PageState.PUBLISHED
    return (
        Transition("submit", frozenset({draft}), review, f"{kind}.submitted", _("送审"), Perm.PLEDGE_EDIT),
        Transition("recall", frozenset({review}), draft, f"{kind}.recalled", _("撤回送审"), Perm.PLEDGE_EDIT),
        Transition("pass_gate", frozenset({review}), public, f"{kind}.published", _("公开")),
        Transition("fail_gate", frozenset({review}), draft, f"{kind}.returned", _("退回")),
        Transition("take_down", frozenset({public}), PageState.CLOSED, f"{kind}.taken_down", _("撤下")),
        Transition("restart", frozenset({public}), review, f"{kind}.submitted", _("内容有变，重新送审")),
    )


TEMPLATE_TRANSITIONS = table(
    *_gate_steps("pledge_template"),
    Transition(
        "replace", frozenset({PageState.PUBLISHED}), PageState.REPLACED, "pledge_template.replaced", _("由新版代替")
    ),
    Transition(
        "close", frozenset({PageState.PUBLISHED}), PageState.CLOSED, "pledge_template.closed", _("停用"),
        Perm.PLEDGE_EDIT, True,
    ),
)  # fmt: skip
INITIATIVE_TRANSITIONS = table(*_gate_steps("initiative"))
RECORD_TRANSITIONS = table(
    # By the signer, whose phone was verified, or the guardian.
    Transition("withdraw", frozenset({RecordState.VALID}), RecordState.WITHDRAWN, "pledge.withdrawn", _("撤回承诺")),
    # By staff: a batch entered by mistake, a made-up signature.
    Transition(
        "void", frozenset({RecordState.VALID}), RecordState.WITHDRAWN, "pledge.voided", _("作废"),
        Perm.PLEDGE_ENTER, True,
    ),
)  # fmt: skip

# Original wording of the domain reference §6.
DEFAULT_CLAUSES = (
    _("遵纪守法，不触底线"),
    _("管好家人亲属，不借职权谋利"),
    _("拒收礼金礼品、不赴可能影响公正的宴请"),
    _("婚丧喜庆从简，不大操大办"),
    _("勤俭持家，不攀比不奢靡"),
    _("健康交往，远离黄赌毒"),
    _("常提醒常算账，当好家庭监督员"),
    _("以身作则，涵养子女廉洁品格"),
    _("和睦邻里，热心公益"),
    _("自愿接受组织和群众监督"),
)
CLAUSES_LEAST, CLAUSES_MOST, CLAUSE_LONGEST = 3, 10, 60
MEMBERS_MOST = 20
BATCH_MOST = 100_000
SMALL_CELL = 5  # smaller groups are not shown in public (design §2)
KEEP_DAYS = 3 * 365  # pledge signatures, domain reference §10.4
WALL_MOST = 120
RESERVED_SLUGS = ("mine", "receipts", "initiatives", "new", "records", "ledger", "batches", "templates")


def wall_name(name: str, *, child: bool = False) -> str:
    """李小芳 → 李**; a child is 李同学. The stars say nothing about the length of the name."""
    bare = name.strip()
    if child:
        return child_name(bare)
    surname = bare[:2] if len(bare) > 2 and bare.startswith(COMPOUND_SURNAMES) else bare[:1]
    return f"{surname}**" if surname else ""


def signer_key(*, name: str, phone: str, sign_by: str) -> str:
    """Under which a signer is known for one version: the phone for a household, name and phone for a person."""
    plain = "".join(name.split()) if sign_by == SignBy.PERSON else ""
    return vault.keyed_hash(f"{sign_by}:{plain}:{phone}", purpose="pledge-signer")


def shown_count(number: int) -> int | None:
    """A count as the public may read it; None where it is too small to be told."""
    return number if number >= SMALL_CELL or number == 0 else None
