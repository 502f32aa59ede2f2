"""What leaves the award list on paper: the sheet of everything on it, and a letter for each unit."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from families.judging import queries
from families.judging.models import AwardList
from portal import typeset
from portal.listing.writing import write_xlsx

MOTIFS = settings.ROOT / "static" / "img" / "motifs"


def sheet(award_list: AwardList) -> bytes:
    """An xlsx of what the public reads: no name, title or tier that the public page would not show."""
    headings = [_("类别和组别"), _("等次"), _("编号"), _("题目"), _("作者"), _("地方")]
    lines = [
        [bucket, tier or _("优秀少儿作品（不分等次）"), row["no"], row["title"], row["name"] or _("一户家庭"), row["place"]]
        for bucket, tiers in queries.on_show(award_list)
        for tier, rows in tiers
        for row in rows
    ]  # fmt: skip
    lines += [
        [_("单位"), _("优秀组织奖"), "", "", row.unit.name, ""] for row in queries.units_on_show(award_list)
    ]
    note = _("%(state)s；截至 %(day)s") % {
        "state": award_list.get_status_display(), "day": f"{timezone.localtime():%Y.%m.%d %H:%M}",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "awards.xlsx"
        write_xlsx(path, award_list.call.title, note, headings, lines)
        return path.read_bytes()


def letters(award_list: AwardList) -> bytes:
    """One A4 page for each unit with 优秀组织奖, in division order. Raises typeset.TypesetError."""
    at = timezone.localtime(award_list.announced_at or timezone.now())
    data = {
        "title": _("优秀组织奖"),
        "units": [_printable(row.unit.name) for row in queries.units_on_show(award_list)],
        "body": _printable(
            _("在“%(call)s”中，你单位认真组织家庭参与，报送的作品获得好评。经评审和公示，列为优秀组织奖。")
            % {"call": award_list.call.title}
        ),
        "thanks": _("感谢你单位为清廉家庭建设付出的努力。"),
        "host": _printable(award_list.unit.name),
        "day": date_format(at, _("Y年n月j日")),
    }  # fmt: skip
    lotus = (MOTIFS / "lotus-line-pale.svg").read_bytes()
    return typeset.pdf("judging/letters.typ", data, pictures={"lotus.svg": lotus})


def _printable(text: str) -> str:
    lacking = typeset.missing(text)
    return "".join(char for char in text if char not in lacking)
