"""Share pictures of works and issues."""

from django.utils.translation import gettext as _

from families.calls.drawing import card, kept_picture
from families.exhibition.models import Issue
from families.works.messages import full_url
from families.works.models import Work


def of_work(work: Work) -> bytes:
    """PNG 1200 × 630 with the words of a published work."""
    text = work.text or work.story
    foot = " · ".join(part for part in (work.by_line, work.county.short_name if work.county else "") if part)
    words = card(work.title, text, work.category.name, foot)
    return kept_picture(f"works:share:{work.pk}", words, full_url(work.get_absolute_url()))


def of_issue(issue: Issue) -> bytes:
    """PNG 1200 × 630 with the words of an issue."""
    kicker = f"{issue.of_what} · " + _("第 %(n)d 期") % {"n": issue.number}
    words = card(issue.title, issue.intro, kicker, str(issue.unit))
    return kept_picture(f"issues:share:{issue.pk}", words, full_url(issue.get_absolute_url()))
