"""Reads of grants."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Reach, Role
from portal.access.scope import GrantLine, Scope, below
from portal.accounts.models import AccessLink, User
from portal.accounts.rules import UNUSED_WARNING_DAYS
from portal.grants.models import Grant
from portal.grants.rules import WARN_DAYS, giving_lines, may_give
from portal.units.models import Unit

# A delegation lives only as long as the grant behind it and the account of who gave it.
LIVING_SOURCE = Q(delegated_from__isnull=True) | Q(
    delegated_from__ended_at__isnull=True, delegated_from__user__is_active=True
)


def active_on(day: date) -> QuerySet[Grant]:
    """Grants in force on a day, of people who may sign in."""
    return Grant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        LIVING_SOURCE,
        ended_at__isnull=True,
        starts_on__lte=day,
        user__is_active=True,
    )


def open_of(user: User) -> QuerySet[Grant]:
    """Grants of a person that are in force or will be."""
    today = timezone.localdate()
    return Grant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), user=user, ended_at__isnull=True
    )


def missing_for(user: User, successor: User) -> list[Grant]:
    """The own grants of a person that a successor does not hold, neither there nor above."""
    own, held = (
        list(open_of(one).filter(delegated_from__isnull=True).select_related("unit"))
        for one in (user, successor)
    )
    return [grant for grant in own if not any(_covers(other, grant) for other in held)]


def _covers(held: Grant, asked: Grant) -> bool:
    if held.role != asked.role:
        return False
    if held.unit_id == asked.unit_id:
        return held.reach >= asked.reach
    return held.reach == Reach.SUBTREE and asked.unit.path.startswith(held.unit.path)


def open_roles_of(user: User) -> set[Role]:
    """The roles a person holds or will hold."""
    return {Role(code) for code in open_of(user).values_list("role", flat=True)}


def lines_of(user: User) -> Iterable[GrantLine]:
    """The active grants of a user as plain lines for Scope."""
    rows = active_on(timezone.localdate()).filter(user=user)
    values = rows.values_list("role", "unit_id", "unit__path", "reach", "delegated_from_id")
    return [
        GrantLine(Role(role), unit_id, path, Reach(reach), source is not None)
        for role, unit_id, path, reach, source in values
    ]


def holders_at(perm: Perm, unit: Unit) -> QuerySet[User]:
    """People who hold `perm` for this unit, through a grant at it or above it."""
    roles = [role.value for role, spec in ROLES.items() if perm in spec.perms]
    wide = [role.value for role, spec in ROLES.items() if spec.perms.get(perm) == Reach.SUBTREE]
    above = [unit.path[: end + unit.steplen] for end in range(0, len(unit.path), unit.steplen)]
    grants = active_on(timezone.localdate()).filter(
        Q(role__in=roles, unit=unit) | Q(role__in=wide, reach=Reach.SUBTREE, unit__path__in=above)
    )
    return User.objects.filter(pk__in=grants.values("user_id"))


def holders_here(perm: Perm, unit: Unit) -> QuerySet[User]:
    """People who hold `perm` through a grant at this very unit: its own staff, not those above it."""
    roles = [role.value for role, spec in ROLES.items() if perm in spec.perms]
    grants = active_on(timezone.localdate()).filter(role__in=roles, unit=unit)
    return User.objects.filter(pk__in=grants.values("user_id"))


def home_unit(user: User) -> Unit | None:
    """The unit a person works for: that of the oldest active grant of their own."""
    grants = active_on(timezone.localdate()).filter(user=user).select_related("unit")
    grant = grants.filter(delegated_from__isnull=True).order_by("pk").first() or grants.order_by("pk").first()
    return grant.unit if grant else None


def giveable_units(scope: Scope) -> QuerySet[Unit]:
    """Open units where this person may give some role."""
    condition = Q(pk__in=[])
    for reach, line in giving_lines(scope):
        condition |= Q(pk=line.unit_id) if reach is Reach.UNIT else below(line.unit_path)
    return Unit.objects.open().filter(condition).order_by("level", "path")


def visible(scope: Scope) -> QuerySet[Grant]:
    """Grants this person may look at, with what a list shows."""
    rows = scope.rows(Grant, Perm.GRANT_VIEW)
    return rows.select_related("user", "unit", "delegated_from__user", "given_by")


def visible_person(scope: Scope, ref: str) -> User | None:
    """A person with at least one grant, present or past, in the scope."""
    return User.objects.filter(pk__in=scope.rows(Grant, Perm.GRANT_VIEW).values("user_id"), ref=ref).first()


def is_manageable(scope: Scope, user: User) -> bool:
    """May this person act on the account of another: reset, disable, hand over?

    Every role the other holds, delegated ones too, must be one this person could give, so that nobody gets hold of an account
    that may do more than they could grant. Without open grants the last ones decide.
    """
    if scope.actor is None or scope.actor.pk == user.pk:
        return False
    held = list(open_of(user).select_related("unit"))
    if not held:
        last = Grant.objects.filter(user=user, delegated_from__isnull=True).select_related("unit")
        held = list(last.order_by("-ended_at", "-pk")[:1])
    return bool(held) and all(may_give(scope, Role(g.role), g.unit, Reach(g.reach)) for g in held)


def delegable(user: User) -> list[Grant]:
    """Own active grants that may be passed on for a while: never delegated ones, never the 三员."""
    rows = active_on(timezone.localdate()).filter(user=user, delegated_from__isnull=True)
    return [g for g in rows.select_related("unit").order_by("pk") if not ROLES[Role(g.role)].second_factor]


def colleagues(user: User, unit: Unit) -> QuerySet[User]:
    """Active people with an own grant at a unit or below it."""
    grants = active_on(timezone.localdate()).filter(below(unit.path, "unit__"), delegated_from__isnull=True)
    return (
        User.objects.filter(pk__in=grants.values("user_id"))
        .exclude(pk=user.pk)
        .order_by("display_name", "pk")
    )


def delegations_of(user: User) -> QuerySet[Grant]:
    """What a person has passed on and what is still open."""
    rows = Grant.objects.filter(
        delegated_from__user=user, ended_at__isnull=True, ends_on__gte=timezone.localdate()
    )
    return rows.select_related("user", "unit").order_by("ends_on")


def ending_soon(today: date, until: date) -> QuerySet[Grant]:
    """Own grants that run out within the dates and of which nobody was told yet."""
    rows = Grant.objects.filter(ended_at__isnull=True, delegated_from__isnull=True, warned_at__isnull=True)
    return rows.filter(ends_on__gte=today, ends_on__lte=until, user__is_active=True).select_related(
        "user", "unit"
    )


def last_days(today: date, until: date) -> QuerySet[Grant]:
    """Own grants that run out within the dates, told of before or not."""
    rows = Grant.objects.filter(ended_at__isnull=True, delegated_from__isnull=True, user__is_active=True)
    return rows.filter(ends_on__gte=today, ends_on__lte=until).select_related("user", "unit").order_by("pk")


def without_mandate(today: date) -> QuerySet[User]:
    """Active people whose every own grant has ended or run out."""
    had = Grant.objects.filter(delegated_from__isnull=True)
    still = had.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), ended_at__isnull=True)
    return User.objects.filter(pk__in=had.values("user_id"), is_active=True).exclude(
        pk__in=still.values("user_id")
    )


def own_grants(user: User) -> QuerySet[Grant]:
    """All grants of one person, with their units."""
    return Grant.objects.filter(user=user).select_related("unit", "delegated_from__user")


def colleagues_of_all(user: User, grants: Iterable[Grant]) -> QuerySet[User]:
    """Colleagues at or below the units of these grants; never the 三员, who do no business."""
    condition = Q(pk__in=[])
    for grant in grants:
        condition |= below(grant.unit.path, "unit__")
    rows = active_on(timezone.localdate()).filter(condition, delegated_from__isnull=True)
    rows = rows.exclude(role__in=EXCLUSIVE_ROLES)
    return (
        User.objects.filter(pk__in=rows.values("user_id")).exclude(pk=user.pk).order_by("display_name", "pk")
    )


def successors_for(scope: Scope, user: User) -> QuerySet[User]:
    """People who may take over: those in the actor's giving scope who work at a desk, and the actor; never the 三员, who do
    no business. Those of the person's own units come first."""
    units = giveable_units(scope).values("pk")
    desk = [
        role for role, spec in ROLES.items() if Perm.STAFF_ENTER in spec.perms and role not in EXCLUSIVE_ROLES
    ]
    rows = active_on(timezone.localdate()).filter(unit__in=units, delegated_from__isnull=True, role__in=desk)
    people = User.objects.filter(Q(pk__in=rows.values("user_id")) | Q(pk=scope.actor.pk), is_active=True)
    near = rows.filter(user=OuterRef("pk"), unit__in=open_of(user).values("unit_id"))
    return people.exclude(pk=user.pk).order_by(Exists(near).desc(), "display_name", "pk")


def free_username(wanted: str, taken: Iterable[str] = ()) -> str:
    """`wanted`, or with the smallest number behind it that nobody uses."""
    used = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True)) | set(
        taken
    )
    if wanted not in used:
        return wanted
    return next(name for name in (f"{wanted}{number}" for number in range(2, 10_000)) if name not in used)


def in_state(rows: QuerySet[Grant], state: str) -> QuerySet[Grant]:
    """The states of the list's filter."""
    today = timezone.localdate()
    living = (
        Q(ended_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today)) & Q(user__is_active=True)
    )
    if state == "over":
        return rows.exclude(living)
    if state == "soon":
        return rows.filter(living, ends_on__lte=today + timedelta(days=WARN_DAYS))
    if state == "unused":
        quiet = timezone.now() - timedelta(days=UNUSED_WARNING_DAYS)
        idle = Q(user__last_seen_at__lt=quiet) | Q(
            user__last_seen_at__isnull=True, user__created_at__lt=quiet
        )
        return rows.filter(living, idle)
    return rows.filter(living)


def delegation_with(user: User, pk: str) -> Grant | None:
    """An open delegation this person made or received."""
    if not pk.isdigit() or len(pk) > 18:
        return None
    rows = Grant.objects.select_related("delegated_from", "unit", "user")
    return rows.filter(
        Q(user=user) | Q(delegated_from__user=user),
        pk=pk,
        delegated_from__isnull=False,
        ended_at__isnull=True,
    ).first()


def open_link(user: User) -> AccessLink | None:
    """The link of a person that still works."""
    rows = AccessLink.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True)
    return rows.filter(expires_at__gt=timezone.now()).first()


def active_of(user: User) -> QuerySet[Grant]:
    """What a person holds today, own roles first."""
    rows = active_on(timezone.localdate()).filter(user=user).select_related("unit", "delegated_from__user")
    return rows.order_by(F("delegated_from").asc(nulls_first=True), "pk")


def acting_for(user: User) -> str:
    """`代张三、李四` while colleagues' roles are delegated to this person, else ""."""
    rows = active_on(timezone.localdate()).filter(user=user, delegated_from__isnull=False)
    names = dict.fromkeys(rows.order_by("pk").values_list("delegated_from__user__display_name", flat=True))
    return _("代%(names)s") % {"names": "、".join(names)} if names else ""
