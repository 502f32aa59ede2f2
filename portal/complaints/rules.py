"""Kinds, states, the time to answer, and what must not be stored here. No database."""

import base64
import re
import secrets
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal import vault
from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """What people write about. Calls for help are not a kind: the page shows hotlines and stores nothing."""

    SUGGESTION = "suggestion", _("意见建议")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("违法和不良信息举报")


class Status(TextChoices):
    """RECEIVED → ACCEPTED → ANSWERED → CLOSED; TRANSFERRED to another unit; REJECTED with a reason."""

    RECEIVED = "received", _("已收到")
    ACCEPTED = "accepted", _("办理中")
    ANSWERED = "answered", _("已答复")
    CLOSED = "closed", _("已办结")
    TRANSFERRED = "transferred", _("已转办")
    REJECTED = "rejected", _("不予受理")


WAITING = (Status.RECEIVED, Status.ACCEPTED, Status.TRANSFERRED)
TONES = {
    Status.RECEIVED: "warn",
    Status.ACCEPTED: "info",
    Status.ANSWERED: "ok",
    Status.CLOSED: "ok",
    Status.TRANSFERRED: "warn",
    Status.REJECTED: "bad",
}
_OPEN = frozenset(WAITING)
TRANSITIONS = table(
    Transition(
        "accept",
        frozenset({Status.RECEIVED, Status.TRANSFERRED}),
        Status.ACCEPTED,
        "complaint.accepted",
        _("受理"),
        Perm.COMPLAINT_ANSWER,
    ),
    Transition("answer", _OPEN, Status.ANSWERED, "complaint.answered", _("答复"), Perm.COMPLAINT_ANSWER),
    Transition(
        "transfer", _OPEN, Status.TRANSFERRED, "complaint.transferred", _("转办"), Perm.COMPLAINT_ANSWER, True
    ),
    Transition(
        "reject", _OPEN, Status.REJECTED, "complaint.rejected", _("不予受理"), Perm.COMPLAINT_ANSWER, True
    ),
    Transition(
        "close",
        frozenset({Status.ANSWERED}),
        Status.CLOSED,
        "complaint.closed",
        _("办结"),
        Perm.COMPLAINT_ANSWER,
    ),
    # By the clock, some weeks after the answer.
    Transition("lapse", frozenset({Status.ANSWERED}), Status.CLOSED, "complaint.lapsed", _("自动办结")),
)

DAYS_TO_ANSWER = 15
REMIND_DAYS_BEFORE = 3
CLOSE_AFTER_DAYS = 30
FORGET_IDENTITY_AFTER_DAYS = 3 * 365
LONGEST_TEXT = 2000

HOTLINES = (
    ("12338", _("妇女维权公益服务热线"), "heart-pulse"),
    ("110", _("正在发生的暴力和危险，请报警"), "shield-exclamation"),
    ("12345", _("政务服务便民热线"), "telephone"),
    ("12348", _("公共法律服务热线"), "briefcase"),
)
# Words of a case that belongs on a hotline. What they stand in is never stored unless the writer says
# that it is no case of a person (for instance praise of a lecture against domestic violence).
_CASE = re.compile(
    "家暴|家庭暴力|打我|殴打|毒打|被打|打老婆|打孩子|打骂|施暴|虐待|性侵|猥亵|强奸|威胁要杀|掐脖|轻生|自杀|不想活"
)
_ALPHABET = str.maketrans("ILOU", "WXYZ")  # letters that are mistaken for digits or for each other


def tells_a_case(text: str) -> bool:
    """Does this read like violence or danger to a person?"""
    return bool(_CASE.search(text))


def due_on(received: date) -> date:
    """The last day to answer, before it is moved out of a day off."""
    return received + timedelta(days=DAYS_TO_ANSWER)


def new_number(year: int) -> str:
    """A tracking number that says nothing about how many there are."""
    return f"TS{year}-{secrets.randbelow(10**6):06d}"


def query_code(token: str) -> str:
    """The code that opens one complaint, the same for a form that is sent twice: 8 letters and digits."""
    digest = bytes.fromhex(vault.keyed_hash(token, purpose="complaint-code"))
    return base64.b32encode(digest)[:8].decode().translate(_ALPHABET)


def clean_code(text: str) -> str:
    """How people type it: lower case, blanks, dashes."""
    return re.sub(r"[^A-Z2-7]", "", text.upper().replace("－", "-"))[:16]


def clean_number(text: str) -> str:
    """How people type it."""
    return re.sub(r"[\s　]", "", text).upper()[:16]


def code_hash(number: str, code: str) -> str:
    """What is kept of a code."""
    return vault.keyed_hash(f"{number}:{code}", purpose="complaint")
