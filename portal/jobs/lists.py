"""The list of jobs."""

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs import queries
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS
from portal.jobs.words import kind_text
from portal.ui.lists import Column, ListSpec, Sort, choice, register

TONES = {
    JobState.QUEUED: "info",
    JobState.RUNNING: "rose",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "",
}


def _kinds() -> list[tuple[str, str]]:
    return [(kind, kind_text(kind)) for kind in sorted(KINDS)]


class JobFilter(django_filters.FilterSet):
    """By state and kind."""

    state = django_filters.ChoiceFilter(label=_("状态"), choices=JobState.choices, empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("种类"), choices=_kinds, empty_label=_("全部"))

    class Meta:
        model = Job
        fields = ("state", "kind")


def _when(job: Job) -> str:
    return timezone.localtime(job.created_at).strftime("%m-%d %H:%M:%S")


def _last_line(job: Job) -> str:
    lines = job.error.strip().splitlines()
    return lines[-1][:120] if lines else job.message


SPEC = register(
    ListSpec(
        code="jobs",
        title=_("后台任务"),
        rows=queries.all_jobs,
        columns=(
            Column(
                "kind",
                _("种类"),
                lambda job: kind_text(job.kind),
                link=lambda job: reverse("portal:jobs:detail", args=[job.public_id]),
            ),
            Column(
                "state",
                _("状态"),
                choice("state"),
                tone=lambda job: TONES[JobState(job.state)],
            ),
            Column("created", _("提交"), _when),
            Column("attempts", _("次数"), lambda job: job.attempts, number=True),
            Column("by", _("提交人"), lambda job: str(job.created_by) if job.created_by else ""),
            Column("note", _("说明"), _last_line),
        ),
        sorts=(Sort("new", _("最近提交"), ("-pk",)),),
        filterset=JobFilter,
        page_size=50,
        export=False,
        empty_title=_("还没有任务"),
        presets=(
            (_("全部"), ""),
            (_("失败"), "state=failed"),
            (_("进行中"), "state=running"),
            (_("排队"), "state=queued"),
        ),
    )
)
