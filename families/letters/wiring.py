"""Tells works and the kernel about letters."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from families.letters import actions, keeping, panels, queries
from families.letters import demo as _demo  # noqa: F401 – registers itself
from families.letters import parts as _parts  # noqa: F401 – registers itself
from families.works import panels as pages
from portal.accounts.phone_codes import PURPOSES, visitor_of
from portal.files import serving
from portal.files.models import StoredFile
from portal.privacy import registry as privacy

PURPOSES["letter"] = _("看家书")
pages.on_me(panels.on_me)
pages.on_own_work(panels.on_own_work)
pages.on_public_work(panels.on_public_work)


def _recipient_sees(request: HttpRequest, file: StoredFile, variant: str) -> bool:
    """The pages of a handwritten letter, for the phone it was sent to."""
    if file.target_type != "work" or variant == "master":
        return False
    visitor = visitor_of(request)
    return visitor is not None and queries.may_read(file.target_id, visitor.phone_hash)


serving.let_in(_recipient_sees)
privacy.register_source(
    privacy.DataSource(
        code="letters", label=_("寄出和收到的家书"), export=keeping.export_of, erase=keeping.erase_of
    )
)
privacy.register_retention(
    privacy.Retention(
        code="letters.phones",
        what=_("家书收信人的手机号"),
        how_long=_("寄出 1 年后删除"),
        purge=actions.forget_phones,
    )
)
