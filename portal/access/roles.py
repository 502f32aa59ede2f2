"""The readable table: role × permission × reach (domain reference §11.4).

A grant gives a role at a unit with a reach of its own; what counts is the smaller of the two reaches.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm


class Reach(IntEnum):
    """How far a permission reaches from the unit of the grant. Larger includes smaller."""

    OWN = 1
    UNIT = 2
    SUBTREE = 3

    @property
    def label(self) -> Promise:
        """The name shown on the grant page."""
        return {
            Reach.OWN: _("只限本人经手的"),
            Reach.UNIT: _("本单位"),
            Reach.SUBTREE: _("本单位及所有下级"),
        }[self]


class Role(StrEnum):
    """Roles that can be granted. PUBLIC is nobody's grant: it is everybody."""

    VILLAGE_OP = "village_op"
    TOWNSHIP_OP = "township_op"
    TOWNSHIP_REVIEWER = "township_reviewer"
    COUNTY_OP = "county_op"
    COUNTY_REVIEWER = "county_reviewer"
    COUNTY_LEADER = "county_leader"
    UNIT_OP = "unit_op"
    CITY_OP = "city_op"
    CITY_REVIEWER = "city_reviewer"
    CITY_LEADER = "city_leader"
    PROVINCE_VIEWER = "province_viewer"
    EDITOR = "editor"
    CHECKER = "checker"
    PUBLISHER = "publisher"
    JUDGE = "judge"
    SPEAKER = "speaker"
    STORE_KEEPER = "store_keeper"
    STORE_SUPERVISOR = "store_supervisor"
    VETTING_OFFICER = "vetting_officer"
    SUPERVISION = "supervision"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"


@dataclass(frozen=True)
class RoleSpec:
    """What one role is called and may do."""

    label: Promise
    perms: dict[Perm, Reach]
    grants: frozenset[Role] = field(default_factory=frozenset)
    second_factor: bool = False
    note: Promise | str = ""


def _at(reach: Reach, *perms: Perm) -> dict[Perm, Reach]:
    return dict.fromkeys(perms, reach)


P, S, U, O = Perm, Reach.SUBTREE, Reach.UNIT, Reach.OWN  # noqa: E741 – the table below reads better so

_STAFF = _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.CAMPAIGN_VIEW, P.METRIC_TOTALS, P.EXPORT_PLAIN)
# Details of the campaign work of one's own subtree: everybody who works there, and its leaders.
_SEE = _at(S, P.TASK_VIEW, P.VENUE_VIEW, P.MATERIAL_VIEW, P.PLEDGE_VIEW, P.STORY_VIEW, P.FAMILY_VISIT_VIEW)
_LOG = (
    _SEE
    | _at(S, P.ACTIVITY_VIEW, P.METRIC_DETAILS, P.BOOKING_HANDLE)
    | _at(U, P.ACTIVITY_LOG, P.CONTENT_SUBMIT, P.TASK_ANSWER, P.POLICY_RECEIVE, P.MATERIAL_EDIT)
    | _at(U, P.FAMILY_VISIT_LOG, P.VENUE_EDIT)
)
_LEADER = (
    _STAFF
    | _SEE
    | _at(S, P.ACTIVITY_VIEW, P.WORK_VIEW, P.METRIC_DETAILS, P.GRANT_VIEW, P.COMPLAINT_VIEW)
    | _at(S, P.REMINDER_APPROVE, P.VENUE_DECIDE)
)
_VILLAGE = _STAFF | _LOG | _at(S, P.WORK_VIEW, P.WORK_ENTER, P.PLEDGE_ENTER, P.CARD_PRINT)
_TOWNSHIP = _VILLAGE | _at(
    S, P.UNIT_EDIT, P.ACTIVITY_IMPORT, P.TASK_ISSUE, P.TASK_CHECK, P.VENUE_EDIT, P.VENUE_CHECK
)
_COUNTY = (
    _TOWNSHIP
    | _at(S, P.GRANT_VIEW, P.ACCOUNT_INVITE, P.HANDOVER_DO, P.COMPLAINT_VIEW, P.CONTENT_TAKE_DOWN)
    | _at(S, P.CONTENT_SUBMIT, P.PACKAGE_EDIT, P.NODE_EDIT, P.REMINDER_EDIT, P.SERIES_EDIT, P.PLEDGE_EDIT)
    | _at(S, P.QUIZ_EDIT, P.SURVEY_EDIT, P.STORY_EDIT)
)
# The second person of a unit's campaign work.
_REVIEW = _SEE | _at(S, P.TASK_CHECK, P.VENUE_CHECK, P.REMINDER_APPROVE, P.QUIZ_REVIEW)

_VILLAGE_ROLES = frozenset({Role.VILLAGE_OP})
_TOWNSHIP_ROLES = _VILLAGE_ROLES | {Role.TOWNSHIP_OP, Role.TOWNSHIP_REVIEWER}
_COUNTY_ROLES = _TOWNSHIP_ROLES | {Role.COUNTY_OP, Role.COUNTY_REVIEWER, Role.COUNTY_LEADER, Role.UNIT_OP}
_ADMINS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})

ROLES: dict[Role, RoleSpec] = {
    Role.VILLAGE_OP: RoleSpec(_("村(社区)妇联经办"), _VILLAGE),
    Role.TOWNSHIP_OP: RoleSpec(
        _("乡镇(街道)妇联经办"),
        _TOWNSHIP | _at(S, P.ACCOUNT_INVITE, P.GRANT_VIEW, P.HANDOVER_DO),
        _VILLAGE_ROLES,
    ),
    Role.TOWNSHIP_REVIEWER: RoleSpec(
        _("乡镇(街道)妇联审核"), _VILLAGE | _at(S, P.WORK_REVIEW), _VILLAGE_ROLES
    ),
    Role.COUNTY_OP: RoleSpec(_("县级妇联经办"), _COUNTY, _TOWNSHIP_ROLES),
    Role.COUNTY_REVIEWER: RoleSpec(
        _("县级妇联审核"),
        _STAFF
        | _REVIEW
        | _at(
            S,
            P.ACTIVITY_VIEW,
            P.METRIC_DETAILS,
            P.ACTIVITY_REVIEW,
            P.WORK_VIEW,
            P.WORK_REVIEW,
            P.CARD_PRINT,
            P.COMPLAINT_VIEW,
        )
        | _at(S, P.COMPLAINT_ANSWER, P.GRANT_VIEW, P.CONTENT_TAKE_DOWN),
        _TOWNSHIP_ROLES,
    ),
    Role.COUNTY_LEADER: RoleSpec(_("县级妇联领导"), _LEADER | _at(S, P.GOAL_EDIT)),
    Role.UNIT_OP: RoleSpec(_("妇委会联络员"), _VILLAGE),
    Role.CITY_OP: RoleSpec(
        _("市妇联经办(家儿部)"),
        _COUNTY
        | _at(
            S, P.UNIT_REORGANISE, P.CAMPAIGN_EDIT, P.CALL_EDIT, P.GOAL_EDIT, P.ACTIVITY_ARCHIVE, P.GRANT_GIVE
        )
        | _at(S, P.OUTBOX_READ, P.OUTBOX_MANAGE, P.JOB_READ, P.HOLIDAY_EDIT, P.JUDGING_MANAGE),
        _COUNTY_ROLES | {Role.JUDGE, Role.SPEAKER, Role.EDITOR, Role.CHECKER, Role.PUBLISHER, Role.CITY_OP},
    ),
    Role.CITY_REVIEWER: RoleSpec(
        _("市妇联审核(部长)"),
        _STAFF
        | _REVIEW
        | _at(S, P.VENUE_DECIDE)
        | _at(
            S,
            P.ACTIVITY_VIEW,
            P.METRIC_DETAILS,
            P.ACTIVITY_REVIEW,
            P.ACTIVITY_ARCHIVE,
            P.WORK_VIEW,
            P.WORK_REVIEW,
            P.CARD_PRINT,
        )
        | _at(S, P.WORK_TAKE_DOWN, P.WORK_REVEAL, P.CONTENT_TAKE_DOWN, P.COMPLAINT_VIEW, P.COMPLAINT_ANSWER)
        | _at(S, P.WORD_EDIT, P.RIGHTS_HANDLE, P.GRANT_VIEW, P.EXPORT_SENSITIVE, P.GOAL_EDIT, P.OUTBOX_READ)
        | _at(S, P.JUDGING_DECIDE),
        _COUNTY_ROLES,
    ),
    Role.CITY_LEADER: RoleSpec(_("市妇联领导"), _LEADER | _at(S, P.GOAL_EDIT, P.CONTENT_TAKE_DOWN)),
    Role.PROVINCE_VIEWER: RoleSpec(_("省级查看"), _STAFF, note=_("只看合计，不看明细")),
    Role.EDITOR: RoleSpec(
        _("编辑(初审)"),
        _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.CONTENT_SUBMIT, P.CONTENT_EDIT, P.CONTENT_TAKE_DOWN)
        | _at(S, P.STORY_VIEW, P.STORY_EDIT, P.SERIES_EDIT, P.MATERIAL_VIEW),
    ),
    Role.CHECKER: RoleSpec(
        _("审核(复审)"), _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.CONTENT_CHECK, P.CONTENT_TAKE_DOWN)
    ),
    Role.PUBLISHER: RoleSpec(
        _("审发(终审)"),
        _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.CONTENT_PUBLISH, P.CONTENT_TAKE_DOWN, P.WORK_TAKE_DOWN)
        | _at(S, P.WORD_EDIT),
    ),
    Role.JUDGE: RoleSpec(_("评委"), _at(O, P.JUDGE_SCORE)),
    Role.SPEAKER: RoleSpec(_("宣讲员"), _at(O, P.SPEAKER_SELF)),
    Role.STORE_KEEPER: RoleSpec(_("积分超市店长"), _at(U, P.STAFF_ENTER, P.STORE_REDEEM)),
    Role.STORE_SUPERVISOR: RoleSpec(_("积分超市监督员"), _at(U, P.STAFF_ENTER, P.STORE_TAKE_STOCK)),
    Role.VETTING_OFFICER: RoleSpec(_("联审单位联络员"), _at(O, P.VETTING_REPLY)),
    Role.SUPERVISION: RoleSpec(
        _("派驻纪检监察"),
        _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.METRIC_TOTALS, P.JOURNAL_READ, P.COMPLAINT_VIEW),
    ),
    Role.SYS_ADMIN: RoleSpec(
        _("系统管理员"),
        _at(S, P.STAFF_ENTER, P.JOB_READ, P.JOB_RETRY, P.OUTBOX_READ, P.OUTBOX_MANAGE, P.SETTINGS_EDIT),
        second_factor=True,
        note=_("只管运行，不看业务数据"),
    ),
    Role.SEC_ADMIN: RoleSpec(
        _("安全管理员"),
        _at(
            S,
            P.STAFF_ENTER,
            P.UNIT_VIEW,
            P.GRANT_VIEW,
            P.GRANT_GIVE,
            P.ACCOUNT_INVITE,
            P.ACCOUNT_ADMIN,
            P.HANDOVER_DO,
        ),
        frozenset(Role) - _ADMINS,
        second_factor=True,
        note=_("管账号和授权，不看业务数据"),
    ),
    Role.AUDIT_ADMIN: RoleSpec(
        _("审计管理员"),
        _at(S, P.STAFF_ENTER, P.UNIT_VIEW, P.JOURNAL_READ, P.GRANT_VIEW),
        second_factor=True,
        note=_("只查操作记录，不能改任何东西"),
    ),
}

# 三员分立 (domain reference §10.5): nobody holds two of these, nor one of them beside a business role.
EXCLUSIVE_ROLES = _ADMINS


def reach_of(role: Role, perm: Perm) -> Reach | None:
    """The reach this role gives to a permission, or None."""
    return ROLES[role].perms.get(perm)
