"""Materials in the menu; who may see their files; the names of their forms."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.materials import demo, queries, tables  # noqa: F401 – some register themselves
from campaigns.materials import links as _links  # noqa: F401 – registers itself
from campaigns.materials.models import Course, Document, Material
from portal.access.permissions import Perm
from portal.drafts import labels
from portal.files import serving
from portal.ui.menu import CARRIER, MenuItem, register
from portal.units import impact

register(
    MenuItem(
        section=CARRIER, label=_("资料与课程"), icon="journals", url_name="campaigns:materials:index",
        perm=Perm.MATERIAL_VIEW, order=20,
    )
)  # fmt: skip
labels.register("materials.new", _("登记资料"))
labels.register("materials.document", _("登记文件"))
labels.register("materials.course", _("登记课程"))


def _sees(rows: Any) -> Any:
    def can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
        scope = request.scope  # type: ignore[attr-defined]
        return target_id.isdigit() and rows(scope).filter(pk=int(target_id)).exists()

    return can_see


serving.register("material", can_see=_sees(queries.materials))
serving.register("document", can_see=_sees(queries.documents))
impact.register(
    _("宣传资料、文件和课程"),
    lambda units: sum(
        model._default_manager.filter(unit__in=units).count() for model in (Material, Document, Course)
    ),
    code="materials",
)
