"""What quizzes and surveys bring to other pages: menu, inbox, reminders, retention, privacy, search, panels."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from campaigns.quizzes import demo, lists, tables  # noqa: F401 – they register themselves
from campaigns.quizzes import links as _links  # noqa: F401 – registers itself
from campaigns.quizzes import notices as _notices  # noqa: F401 – registers itself
from campaigns.quizzes.actions import attempts, draws
from campaigns.quizzes.models import PrizeEntry, Quiz
from campaigns.quizzes.queries import bank, papers, surveys
from campaigns.quizzes.rules.draw import PHONE_PURPOSE
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts import phone_codes
from portal.notifications import reminders
from portal.pages import cached, panels, search
from portal.privacy import registry as privacy
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType
from portal.reviews import inbox
from portal.ui.menu import CARRIER, MenuItem, register
from portal.units import impact

phone_codes.PURPOSES[PHONE_PURPOSE] = gettext_lazy("登记抽奖")

# -- menu -------------------------------------------------------------------------------------------


def _waiting(request: HttpRequest) -> Any:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    if not scope.has(Perm.QUIZ_REVIEW):
        return None
    return [
        bank.waiting_for(scope), papers.waiting_for(scope), surveys.waiting_for(scope), papers.draws_waiting_for(scope),
    ]  # fmt: skip


register(
    MenuItem(
        section=CARRIER, label=gettext_lazy("知识问答"), icon="patch-question", url_name="campaigns:quizzes:papers",
        perm=Perm.QUIZ_EDIT, order=60,
    )
)  # fmt: skip
register(
    MenuItem(
        section=CARRIER, label=gettext_lazy("问答审核"), icon="clipboard-check", url_name="campaigns:quizzes:review",
        perm=Perm.QUIZ_REVIEW, badge=_waiting, order=61,
    )
)  # fmt: skip
register(
    MenuItem(
        section=CARRIER, label=gettext_lazy("知晓率"), icon="clipboard-data", url_name="campaigns:quizzes:surveys",
        perm=Perm.METRIC_DETAILS, order=62,
    )
)  # fmt: skip

# -- inbox ------------------------------------------------------------------------------------------


def _questions(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            row.stem[:60], f"{row.unit.short_name} · {row.get_category_display()}", row.staff_url,
            row.submitted_at or row.created_at,
        )
        for row in bank.waiting_for(scope)[:limit]
    ]  # fmt: skip


def _papers(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    rows = [
        inbox.InboxItem(row.title, f"{row.unit.short_name} · {row.get_mode_display()}", row.staff_url,
                        row.submitted_at or row.created_at)
        for row in papers.waiting_for(scope)[:limit]
    ]  # fmt: skip
    rows += [
        inbox.InboxItem(row.quiz.title, _("抽奖结果待复核"), row.staff_url, row.drawn_at or row.created_at)
        for row in papers.draws_waiting_for(scope)[:limit]
    ]
    return sorted(rows, key=lambda item: item.since)[:limit]


def _surveys(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(row.title, row.unit.short_name, row.staff_url, row.submitted_at or row.created_at)
        for row in surveys.waiting_for(scope)[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "questions", gettext_lazy("待审核的题目"), "patch-question", bank.waiting_for,
        _questions, "/staff/quizzes/questions/?status=submitted", order=60,
    )
)  # fmt: skip
inbox.register(
    inbox.InboxSource(
        "quizzes", gettext_lazy("待审核的试卷和抽奖"), "ui-checks",
        lambda scope: [papers.waiting_for(scope), papers.draws_waiting_for(scope)],
        _papers, "/staff/quizzes/review/", order=61,
    )
)  # fmt: skip
inbox.register(
    inbox.InboxSource(
        "surveys", gettext_lazy("待审核的知晓率调查"), "clipboard-data",
        surveys.waiting_for, _surveys, "/staff/quizzes/review/", order=62,
    )
)  # fmt: skip

# -- reminders --------------------------------------------------------------------------------------


def _closing(now: datetime) -> Iterable[reminders.Due]:
    for quiz in papers.closing_soon(timezone.localdate(now)):
        yield reminders.Due(
            key=f"{quiz.pk}:{quiz.closes_on}",
            text=_("“%(title)s” %(day)s 24 时截止。") % {"title": quiz.title, "day": quiz.closes_on},
            url=quiz.staff_url,
            perm=Perm.QUIZ_EDIT,
            unit=quiz.unit,
        )


def _expiring(now: datetime) -> Iterable[reminders.Due]:
    for question in bank.expiring(timezone.localdate(now)):
        yield reminders.Due(
            key=f"{question.pk}:{question.expires_on}",
            text=_("题目“%(stem)s”%(day)s 到期，请核对条文后更新或停用。")
            % {"stem": question.stem[:30], "day": question.expires_on},
            url=question.staff_url,
            perm=Perm.QUIZ_EDIT,
            unit=question.unit,
        )


def _undrawn(now: datetime) -> Iterable[reminders.Due]:
    for prize_draw in papers.draws_due(timezone.localdate(now)):
        yield reminders.Due(
            key=f"{prize_draw.pk}",
            text=_("“%(title)s”已结束，可以抽奖了。") % {"title": prize_draw.quiz.title},
            url=prize_draw.staff_url,
            perm=Perm.QUIZ_EDIT,
            unit=prize_draw.quiz.unit,
        )


reminders.register(reminders.Reminder("quizzes.closing", gettext_lazy("知识问答快截止"), _closing))
reminders.register(reminders.Reminder("quizzes.expiring", gettext_lazy("题目快到期"), _expiring))
reminders.register(reminders.Reminder("quizzes.draw", gettext_lazy("抽奖待进行"), _undrawn))

# -- privacy ----------------------------------------------------------------------------------------


def _export(person: privacy.Person) -> list[dict[str, Any]]:
    return [
        {
            "quiz": entry.quiz.title,
            "number": entry.number,
            "phone": entry.phone,
            "entered_at": entry.created_at,
        }
        for entry in papers.entries_of_phone(person.phone_hash)
    ]


def _withdrawn(consent: Consent, actor: Any, reason: str) -> None:
    entry = PrizeEntry.objects.filter(pk=consent.target_id, withdrawn_at__isnull=True).first()
    if entry is not None:
        draws.leave(entry=entry, actor=actor, reason=reason)


privacy.on_withdraw("campaigns.prizeentry", ConsentType.PROCESSING, _withdrawn)
privacy.register_source(
    privacy.DataSource(
        code="prize_entries",
        label=gettext_lazy("知识问答抽奖登记"),
        export=_export,
        erase=lambda person, actor: draws.leave_all(digest=person.phone_hash, actor=actor),
    )
)
privacy.register_retention(
    privacy.Retention(
        code="quizzes.phones",
        what=gettext_lazy("知识问答抽奖登记的手机号，和答卷上由手机号算出的标记"),
        how_long=gettext_lazy("公示期满 90 天后删除；没有抽奖的，答题截止 90 天后删除"),
        purge=draws.purge_phones,
    )
)
privacy.register_retention(
    privacy.Retention(
        code="quizzes.answers",
        what=gettext_lazy("知识问答的作答明细（不含姓名和号码）"),
        how_long=gettext_lazy("交卷一年后删除；没交的 30 天后删除"),
        purge=attempts.purge_attempts,
    )
)

# -- search, campaign page, closing of units ----------------------------------------------------------


def _found(words: list[str], limit: int) -> list[search.Hit]:
    rows = papers.public()
    for word in words:
        rows = rows.filter(title__icontains=word)
    return [
        search.Hit(row.title, row.get_absolute_url(), row.intro[:120], str(_("知识问答")))
        for row in rows.order_by("-opens_on")[:limit]
    ]


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    rows = list(papers.public().filter(campaign=campaign).order_by("-opens_on")[:6])
    return {"rows": rows} if rows else None


def _learn(request: HttpRequest) -> dict[str, Any] | None:
    rows = [quiz for quiz in papers.public().order_by("-opens_on")[:12] if quiz.is_open][:3]
    links = [
        {
            "icon": "patch-question",
            "title": quiz.title,
            "text": quiz.intro or quiz.unit.name,
            "url": quiz.get_absolute_url(),
        }
        for quiz in rows
    ]
    return {"links": links} if links else None


panels.register(panels.Panel(slot="learn", provide=_learn, order=60))
search.register(search.Source(key="quizzes", label=gettext_lazy("知识问答"), find=_found, order=60))
register_panel(CampaignPanel("quizzes", "campaigns/quizzes/_campaign_panel.html", _of_campaign, order=6))
impact.register(
    gettext_lazy("知识问答试卷"), lambda units: Quiz.objects.filter(unit__in=units).count(), code="quizzes"
)
cached.watch("quiz.approved", "quiz.closed", "quiz.lapsed")
