"""Papers, the question bank and surveys as lists."""

from datetime import timedelta

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.models import Question, Quiz, Survey
from campaigns.quizzes.queries import bank as bank_queries
from campaigns.quizzes.queries import papers as paper_queries
from campaigns.quizzes.queries import surveys as survey_queries
from campaigns.quizzes.rules import bank, papers, surveys
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.ui.lists import Column, ListSpec, Sort, register

SHELVES = [("in_force", _("在用")), ("expiring", _("快到期")), ("gone", _("已停用或到期"))]
PHASES = [("open", _("正在进行")), ("soon", _("还没开始")), ("over", _("已结束"))]


class QuestionFilter(django_filters.FilterSet):
    """Topic, kind, difficulty, state, shelf, words."""

    status = django_filters.ChoiceFilter(label=_("状态"), choices=bank.Status.choices, empty_label=_("全部"))
    category = django_filters.ChoiceFilter(
        label=_("类别"), choices=bank.Category.choices, empty_label=_("全部")
    )
    kind = django_filters.ChoiceFilter(label=_("题型"), choices=bank.Kind.choices, empty_label=_("全部"))
    difficulty = django_filters.ChoiceFilter(
        label=_("难度"), choices=bank.Difficulty.choices, empty_label=_("全部")
    )
    shelf = django_filters.ChoiceFilter(
        label=_("有效期"), choices=SHELVES, method="on_shelf", empty_label=_("全部")
    )
    q = django_filters.CharFilter(label=_("题干或条文"), method="with_words")

    class Meta:
        model = Question
        fields = ("status", "category", "kind", "difficulty", "shelf", "q")

    def on_shelf(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        """By the dates."""
        today = timezone.localdate()
        if value == "in_force":
            return rows.filter(bank_queries.in_force(today), status=bank.Status.APPROVED)
        if value == "expiring":
            last = today + timedelta(days=bank.REMIND_DAYS_BEFORE_EXPIRY)
            return rows.filter(status=bank.Status.APPROVED, expires_on__gte=today, expires_on__lte=last)
        return rows.filter(Q(status=bank.Status.RETIRED) | Q(expires_on__lt=today))

    def with_words(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        """In the stem or the article."""
        return rows.filter(Q(stem__icontains=value) | Q(law__icontains=value))


QUESTIONS = register(
    ListSpec(
        code="quizzes.questions",
        title=_("题库"),
        rows=bank_queries.visible,
        columns=(
            Column("no", _("题目编号"), lambda row: row.pk, on_screen=False),
            Column("unit_no", _("单位编号"), lambda row: row.unit.unit_no, on_screen=False),
            Column(
                "stem", _("题干"), lambda row: row.stem[:50], link=lambda row: row.staff_url,
                export_value=lambda row: row.stem,
            ),
            Column(
                "topic", _("题型和类别"), lambda row: f"{row.get_kind_display()} · {row.get_category_display()}", in_export=False,
            ),
            Column("kind", _("题型"), lambda row: row.get_kind_display(), on_screen=False),
            Column("category", _("类别"), lambda row: row.get_category_display(), on_screen=False),
            Column("options", _("选项"), lambda row: "|".join(row.options), on_screen=False),
            Column("answer", _("正确答案"), lambda row: row.spelled_answer, on_screen=False),
            Column("explanation", _("解析"), lambda row: row.explanation, on_screen=False),
            Column("law", _("依据条文"), lambda row: row.law),
            Column("source", _("出处"), lambda row: row.source, on_screen=False),
            Column("difficulty", _("难度"), lambda row: row.get_difficulty_display(), on_screen=False),
            Column("effective_on", _("依据施行日期"), lambda row: row.effective_on or "", on_screen=False),
            Column("expires_on", _("有效期至"), lambda row: row.expires_on or ""),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
        ),
        sorts=(
            Sort("newest", _("新写的在前"), ("-created_at",)),
            Sort("category", _("按类别"), ("category", "kind")),
            Sort("law", _("按条文"), ("law",)),
        ),
        filterset=QuestionFilter,
        bulk=True,
        empty_title=_("题库还是空的"),
        empty_text=_("先写题，另一位同事审核入库后就能组卷。"),
        presets=(
            (_("待审核"), "status=submitted"),
            (_("在用"), "shelf=in_force"),
            (_("快到期"), "shelf=expiring"),
            (_("停用"), "shelf=gone"),
            (_("全部"), ""),
        ),
    )
)  # fmt: skip


class QuizFilter(django_filters.FilterSet):
    """State, phase, kind; unit and dates come from the dashboard's links."""

    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=papers.Status.choices, empty_label=_("全部")
    )
    mode = django_filters.ChoiceFilter(label=_("方式"), choices=papers.Mode.choices, empty_label=_("全部"))
    phase = django_filters.ChoiceFilter(
        label=_("时间"), choices=PHASES, method="in_phase", empty_label=_("全部")
    )
    q = django_filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")
    unit = UnitFilter(Perm.METRIC_DETAILS)
    since = django_filters.DateFilter(label=_("交卷从"), method="handed_in")
    until = django_filters.DateFilter(label=_("到"), method="handed_in")

    class Meta:
        model = Quiz
        fields = ("status", "mode", "phase", "q", "unit", "since", "until")

    def in_phase(self, rows: QuerySet[Quiz], name: str, value: str) -> QuerySet[Quiz]:
        """By the clock."""
        today = timezone.localdate()
        if value == "over":
            return rows.filter(
                Q(status=papers.Status.CLOSED) | Q(status=papers.Status.APPROVED, closes_on__lt=today)
            )
        rows = rows.filter(status=papers.Status.APPROVED)
        if value == "soon":
            return rows.filter(opens_on__gt=today)
        return rows.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), opens_on__lte=today)

    def handed_in(self, rows: QuerySet[Quiz], name: str, value: object) -> QuerySet[Quiz]:
        """Papers that people handed in on these days."""
        edge = "gte" if name == "since" else "lte"
        return rows.filter(**{f"attempts__submitted_at__date__{edge}": value}).distinct()


def _days(row: Quiz) -> str:
    ends = row.closes_on.strftime("%m-%d") if row.closes_on else str(_("长期"))
    return f"{row.opens_on:%Y-%m-%d} — {ends}"


QUIZZES = register(
    ListSpec(
        code="quizzes.papers",
        title=_("试卷"),
        rows=paper_queries.visible,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("mode", _("方式"), lambda row: row.get_mode_display()),
            Column("unit", _("举办单位"), lambda row: row.unit.short_name),
            Column("days", _("时间"), _days, sort="opens"),
            Column("participations", _("参加人次"), lambda row: row.participations, number=True),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
        ),
        sorts=(
            Sort("opens", _("开始晚的在前"), ("-opens_on",)),
            Sort("newest", _("新建的在前"), ("-created_at",)),
        ),
        filterset=QuizFilter,
        empty_title=_("还没有试卷"),
        empty_text=_("新建试卷、从题库组卷，另一位同事审核后到开始日期自动开放。"),
        presets=((_("正在进行"), "phase=open"), (_("待审核"), "status=submitted"), (_("全部"), "")),
    )
)


class SurveyFilter(django_filters.FilterSet):
    """State, words."""

    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=surveys.Status.choices, empty_label=_("全部")
    )
    q = django_filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")

    class Meta:
        model = Survey
        fields = ("status", "q")


SURVEYS = register(
    ListSpec(
        code="quizzes.surveys",
        title=_("知晓率自查"),
        rows=survey_queries.visible,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("frame", _("抽样框(户)"), lambda row: row.frame_size, number=True),
            Column("needed", _("要收回(份)"), lambda row: row.plan.answers, number=True),
            Column(
                "days",
                _("时间"),
                lambda row: f"{row.opens_on:%Y-%m-%d} — {row.closes_on:%m-%d}",
                sort="opens",
            ),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
        ),
        sorts=(
            Sort("opens", _("开始晚的在前"), ("-opens_on",)),
            Sort("newest", _("新建的在前"), ("-created_at",)),
        ),
        filterset=SurveyFilter,
        empty_title=_("还没有调查"),
        empty_text=_("先定调查对象和名册规模，系统算出要收回多少份，再发链接或纸质问卷。"),
    )
)
