"""Every write on packages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.packages.models import Package, PackageItem, PackageUnit
from campaigns.packages.rules import MOST_ITEMS, Status
from campaigns.planning.actions import partners_by_name
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

FIELDS = ("name", "summary", "campaign", "starts_on", "ends_on")
ITEM_FIELDS = ("name", "fulfilment", "option", "needed")


@once(Package)
def create_package(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    units: Sequence[Unit] = (),
    partners: Sequence[str] = (),
    items: Sequence[Mapping[str, Any]] = (),
    copied_from: Package | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Package:
    """A draft of `unit` for `units` below it; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.PACKAGE_EDIT, unit)
    package = Package.objects.create(
        unit=unit,
        created_by=actor,
        copied_from=copied_from,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )
    package.partners.set(partners_by_name(partners, is_demo=is_demo))
    _assign(package, units)
    record("package.created", actor=actor, target=package, changed=fields.keys())
    if items:
        set_items(actor=actor, package=package, items=items)
    return package


def _assign(package: Package, units: Sequence[Unit]) -> list[Unit]:
    """Exactly these units; returns the new ones. Raises WorkflowError for one that is not below the owner."""
    for unit in units:
        if not unit.path.startswith(package.unit.path) or unit.is_closed:
            raise WorkflowError(_("“%(name)s”不是可以下发的下级单位。") % {"name": unit.short_name})
    known = set(package.unit_links.values_list("unit_id", flat=True))
    package.unit_links.exclude(unit__in=units).delete()
    new = [unit for unit in units if unit.pk not in known]
    PackageUnit.objects.bulk_create(
        [PackageUnit(package=package, unit=unit) for unit in new], ignore_conflicts=True
    )
    return new


@transaction.atomic
def edit_package(
    *,
    actor: User,
    package: Package,
    fields: Mapping[str, Any],
    units: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
    items: Sequence[Mapping[str, Any]] | None = None,
) -> Package:
    """Change words, period, units, partners and items together (None leaves a part). Units that are new to an open
    package are told."""
    scope_of(actor).require(Perm.PACKAGE_EDIT, package.unit)
    changed = [name for name in FIELDS if name in fields and getattr(package, name) != fields[name]]
    for name in changed:
        setattr(package, name, fields[name])
    package.save(update_fields=[*changed, "updated_at"])
    if partners is not None:
        package.partners.set(partners_by_name(partners))
    new = _assign(package, units) if units is not None else []
    record("package.edited", actor=actor, target=package, changed=changed)
    if items is not None:
        set_items(actor=actor, package=package, items=items)
    if package.status == Status.OPEN:
        _tell(package, actor=actor, units=new)
    return package


def _tell(package: Package, *, actor: User, units: Sequence[Unit]) -> None:
    for unit in units:
        if unit.pk != package.unit_id:
            record("package.assigned", actor=actor, target=package, unit=unit)


@transaction.atomic
def set_items(*, actor: User, package: Package, items: Sequence[Mapping[str, Any]]) -> None:
    """Exactly these items in this order: dicts of `name`, `fulfilment`, `option`, `needed` and, for one that is
    there already, `pk`. Raises WorkflowError for too many or two of one name."""
    scope_of(actor).require(Perm.PACKAGE_EDIT, package.unit)
    names = [str(row["name"]) for row in items]
    if len(items) > MOST_ITEMS:
        raise WorkflowError(_("最多 %(most)d 项，请合并后再保存。") % {"most": MOST_ITEMS})
    if len(set(names)) != len(names):
        raise WorkflowError(_("有两项名称相同，请改一项。"))
    known = {item.pk: item for item in package.items.all()}
    kept = {row["pk"] for row in items if row.get("pk") in known}
    package.items.exclude(pk__in=kept).delete()
    for number, pk in enumerate(kept):  # two items may change names with each other
        PackageItem.objects.filter(pk=pk).update(name=f"\x7f{number}")
    for sort, row in enumerate(items):
        values = {"sort": sort, **{name: row[name] for name in ITEM_FIELDS}}
        if row.get("pk") in known:
            PackageItem.objects.filter(pk=row["pk"], package=package).update(**values)
        else:
            PackageItem.objects.create(package=package, **values)
    record("package.items_set", actor=actor, target=package, changed=["items"])


@transaction.atomic
def step(*, actor: User, package: Package, name: str, reason: str = "") -> Package:
    """Open, close or reopen. Being addressed lets a unit see the package, not move it. Opening tells every
    addressed unit; it needs items and units."""
    scope_of(actor).require(Perm.PACKAGE_EDIT, package.unit)
    if name == "open" and not package.items.exists():
        raise WorkflowError(_("还没有写内容，请先加上每个“一”是什么。"))
    if name == "open" and not package.unit_links.exists():
        raise WorkflowError(_("还没有选由哪些单位完成，请先在“修改”里勾选。"))
    move(package, name, actor=actor, reason=reason)
    if name == "open":
        _tell(package, actor=actor, units=list(package.units.order_by("path")))
    return package


def copy_package(
    *, actor: User, package: Package, unit: Unit, units: Sequence[Unit], client_token: str | None = None
) -> Package:
    """Take a package over as a draft of `unit` for `units` below it: same items, period and campaign."""
    items = [{name: getattr(item, name) for name in ITEM_FIELDS} for item in package.items.all()]
    fields = {name: getattr(package, name) for name in FIELDS}
    return create_package(
        actor=actor, unit=unit, fields=fields, units=units, items=items, copied_from=package,
        client_token=client_token, is_demo=package.is_demo,
    )  # fmt: skip


@transaction.atomic
def note_export(*, actor: User, package: Package) -> None:
    """The journal keeps who took the table with them."""
    scope_of(actor).require(Perm.EXPORT_PLAIN)
    record("package.exported", actor=actor, target=package)
