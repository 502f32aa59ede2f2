"""Planning a survey, its questionnaire, answers from the page and from paper."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.quizzes.models import (
    Survey,
    SurveyChoice,
    SurveyOption,
    SurveyQuestion,
    SurveyResponse,
    SurveyTally,
    TallyBatch,
)
from campaigns.quizzes.queries import surveys as queries
from campaigns.quizzes.rules import surveys
from portal.access.actors import SYSTEM, Visitor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "slug", "title", "intro", "campaign", "population", "frame_size", "frame_note", "margin", "design_effect",
    "expected_response", "opens_on", "closes_on",
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """One question as typed: its options, those that count as knowing, and whether it is the key question."""

    text: str
    options: tuple[str, ...]
    aware: frozenset[int] = frozenset()
    is_key: bool = False


@once(Survey, taken=lambda: WorkflowError(_("这个网址已经有调查在用，请换一个。")))
def plan_survey(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    client_token: str | None = None,
    is_demo: bool = False,
) -> Survey:
    """A new draft; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.SURVEY_EDIT, unit)
    survey = Survey.objects.create(
        unit=unit, created_by=actor, client_token=client_token or None, is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    record("survey.planned", actor=actor, target=survey)
    return survey


def _editable(survey: Survey, values: Mapping[str, Any]) -> None:
    done = Survey.objects.filter(pk=survey.pk, status__in=surveys.EDITABLE).update(
        **values, updated_at=timezone.now()
    )
    if not done:
        raise StaleState(_("调查已提交或通过，不能再改。"))
    for name, value in values.items():
        setattr(survey, name, value)


@transaction.atomic
def edit_survey(*, actor: User, survey: Survey, fields: Mapping[str, Any]) -> Survey:
    """Change the plan of a draft."""
    scope_of(actor).require(Perm.SURVEY_EDIT, survey)
    changed = [name for name in FIELDS if name in fields and getattr(survey, name) != fields[name]]
    _editable(survey, {name: fields[name] for name in changed})
    if changed:
        record("survey.edited", actor=actor, target=survey, changed=changed)
    return survey


@transaction.atomic
def set_questions(*, actor: User, survey: Survey, asking: Sequence[Asking]) -> None:
    """Exactly these questions. Exactly one of them is the key question. Raises WorkflowError."""
    scope_of(actor).require(Perm.SURVEY_EDIT, survey)
    if not 1 <= len(asking) <= surveys.QUESTIONS_MOST:
        raise WorkflowError(_("问卷要有 1 到 8 题。"))
    if sum(one.is_key for one in asking) != 1:
        raise WorkflowError(_("请选定一题用来计知晓率。"))
    if any(one.is_key and not 0 < len(one.aware) < len(one.options) for one in asking):
        raise WorkflowError(_("计知晓率的那一题，要勾出哪些选项算知晓，也要有不算的选项。"))
    _editable(survey, {})
    survey.questions.all().delete()
    for position, one in enumerate(asking, 1):
        question = SurveyQuestion.objects.create(
            survey=survey, position=position, text=one.text, is_key=one.is_key
        )
        SurveyOption.objects.bulk_create(
            SurveyOption(question=question, position=n, text=text, is_aware=n in one.aware)
            for n, text in enumerate(one.options)
        )
    record("survey.questions_set", actor=actor, target=survey, changed=["questions"])


@transaction.atomic
def step_survey(*, actor: User, survey: Survey, name: str, reason: str = "") -> None:
    """Any step a person may take, by its name."""
    now = timezone.now()
    if name == "submit":
        if not survey.questions.filter(is_key=True).exists():
            raise WorkflowError(_("请先填问卷题目，并选定计知晓率的一题。"))
        if survey.closes_on < timezone.localdate():
            raise WorkflowError(_("截止日期已经过了，请改日期。"))
        move(survey, name, actor=actor, fields={"submitted_by": actor, "submitted_at": now})
    elif name == "approve":
        move(survey, name, actor=actor, fields={"reviewed_by": actor, "reviewed_at": now})
    elif name == "lapse":
        raise PermissionDenied(name)
    else:
        move(survey, name, actor=actor, reason=reason)


@transaction.atomic
def set_invited(*, actor: User, survey: Survey, invited: int) -> None:
    """How many questionnaires really went out: the base of the response rate."""
    scope_of(actor).require(Perm.SURVEY_EDIT, survey)
    if not 0 < invited <= survey.frame_size:
        raise WorkflowError(_("实际发出数要在 1 到抽样框规模之间。"))
    Survey.objects.filter(pk=survey.pk).update(invited=invited)
    survey.invited = invited
    record("survey.invited_set", actor=actor, target=survey, changed=["invited"])


def answer(*, survey: Survey, choices: Mapping[int, int], token: str) -> SurveyResponse:
    """One sheet from the page: question → option. Nobody is asked who they are; sent twice it counts once.

    Raises WorkflowError when it is closed or empty.
    """
    token = str(uuid.UUID(token))
    known = SurveyResponse.objects.filter(client_token=token).first()
    if known is not None:
        return known
    if not survey.is_open:
        raise WorkflowError(_("这次调查已经结束，谢谢您。"))
    options = {
        option.pk: question for question in queries.questions_of(survey) for option in question.options.all()
    }
    valid = {question: option for question, option in choices.items() if option in options and options[option].pk == question}  # fmt: skip
    if not valid:
        raise WorkflowError(_("请至少选一题再提交。"))
    try:
        with transaction.atomic():
            response = SurveyResponse.objects.create(survey=survey, client_token=token)
            SurveyChoice.objects.bulk_create(
                SurveyChoice(response=response, question_id=question, option_id=option)
                for question, option in valid.items()
            )
            record("survey.answered", actor=Visitor(ref=f"survey:{survey.pk}"), target=survey)
            return response
    except IntegrityError:
        return SurveyResponse.objects.get(client_token=token)


@once(TallyBatch, by="entered_by")
def enter_tally(
    *,
    actor: User,
    survey: Survey,
    sheets: int,
    place: str,
    counts: Mapping[int, int],
    client_token: str | None = None,
) -> TallyBatch:
    """Counted paper sheets: option → how many. No question can have more answers than there are sheets."""
    scope_of(actor).require(Perm.SURVEY_EDIT, survey)
    if survey.status not in surveys.PUBLIC_STATES:
        raise WorkflowError(_("调查通过审核后才能录入纸质问卷。"))
    if not 0 < sheets <= surveys.SHEETS_MOST:
        raise WorkflowError(_("收回份数要在 1 到 10000 之间。"))
    valid: dict[int, int] = {}
    for question in queries.questions_of(survey):
        own = {option.pk: max(0, counts.get(option.pk, 0)) for option in question.options.all()}
        if sum(own.values()) > sheets:
            raise WorkflowError(
                _("“%(question)s”各选项合计 %(sum)d，超过收回的 %(sheets)d 份，请核对。")
                % {"question": question.text, "sum": sum(own.values()), "sheets": sheets}
            )
        valid |= own
    if not any(valid.values()):
        raise WorkflowError(_("请填各选项的份数。"))
    batch = TallyBatch.objects.create(
        survey=survey, sheets=sheets, place=place, entered_by=actor, client_token=client_token or None
    )
    SurveyTally.objects.bulk_create(
        SurveyTally(batch=batch, option_id=option, count=count) for option, count in valid.items()
    )
    record("survey.tally_entered", actor=actor, target=survey, changed=["batches"])
    return batch


@transaction.atomic
def withdraw_tally(*, actor: User, batch: TallyBatch, reason: str) -> None:
    """Take back a batch that was typed wrongly; it stays as a trace and counts no more."""
    scope_of(actor).require(Perm.SURVEY_EDIT, batch.survey)
    if not reason.strip():
        raise WorkflowError(_("请写明为什么撤回这一批。"))
    done = TallyBatch.objects.filter(pk=batch.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()[:200]
    )
    if done:
        record(
            "survey.tally_withdrawn",
            actor=actor,
            target=batch.survey,
            changed=["batches"],
            details={"reason": reason},
        )


def close_past(now: datetime | None = None) -> int:
    """Close surveys after their last day; from a job, twice does no harm."""
    count = 0
    for survey in queries.past_closing(timezone.localdate(now or timezone.now())):
        try:
            move(survey, "lapse", actor=SYSTEM)
            count += 1
        except StaleState:
            continue
    return count
