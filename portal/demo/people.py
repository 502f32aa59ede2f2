"""The demo accounts of the design, §6. Names are role names, not people."""

import base64
import os

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from portal.access.roles import Reach, Role
from portal.accounts.models import User
from portal.demo.registry import Demo, DemoPart, register
from portal.grants.models import Grant

CITY, PINGDING, YUXIAN, YUPING = "140300000000", "140321000000", "140322000000", "520622000000"
TOWNSHIP, VILLAGE, OFFICE = "140321100000", "140321100013", "140300000000-01"

# user name, shown name, title, roles, unit
ACCOUNTS: list[tuple[str, str, str, tuple[Role, ...], str]] = [
    ("city", "市级经办", "市妇联家庭和儿童工作部", (Role.CITY_OP,), CITY),
    ("city_review", "市级审核", "市妇联家庭和儿童工作部部长", (Role.CITY_REVIEWER,), CITY),
    ("leader", "市级领导", "市妇联主席", (Role.CITY_LEADER,), CITY),
    ("county", "平定经办", "平定县妇联", (Role.COUNTY_OP,), PINGDING),
    ("county_review", "平定审核", "平定县妇联副主席", (Role.COUNTY_REVIEWER,), PINGDING),
    ("county2", "盂县经办", "盂县妇联", (Role.COUNTY_OP,), YUXIAN),
    ("yuping", "玉屏经办", "玉屏侗族自治县妇联", (Role.COUNTY_OP,), YUPING),
    ("yuping_review", "玉屏审核", "玉屏侗族自治县妇联", (Role.COUNTY_REVIEWER,), YUPING),
    ("township", "乡镇经办", "冠山镇妇联主席", (Role.TOWNSHIP_OP,), TOWNSHIP),
    ("village", "村居经办", "村(社区)妇联主席", (Role.VILLAGE_OP,), VILLAGE),
    ("office", "机关经办", "市直机关妇委会联络员", (Role.UNIT_OP,), OFFICE),
    ("editor", "内容编辑", "初审", (Role.EDITOR,), CITY),
    ("checker", "内容审核", "复审", (Role.CHECKER,), CITY),
    ("publisher", "内容审发", "终审", (Role.PUBLISHER,), CITY),
    *[
        (f"judge{number}", f"评委{'一二三四五'[number - 1]}", "评委", (Role.JUDGE,), CITY)
        for number in range(1, 6)
    ],
    ("speaker", "宣讲员", "家庭家教家风宣讲员", (Role.SPEAKER,), CITY),
    ("storekeeper", "超市店长", "巾帼家美积分超市", (Role.STORE_KEEPER,), VILLAGE),
    ("supervisor", "超市监督员", "巾帼家美积分超市", (Role.STORE_SUPERVISOR,), VILLAGE),
    ("vetting", "联审联络员", "联审单位", (Role.VETTING_OFFICER,), CITY),
    ("inspector", "派驻纪检", "派驻纪检监察组", (Role.SUPERVISION,), CITY),
    ("sysadmin", "系统管理员", "三员之一", (Role.SYS_ADMIN,), CITY),
    ("secadmin", "安全管理员", "三员之一", (Role.SEC_ADMIN,), CITY),
    ("auditor", "审计管理员", "三员之一", (Role.AUDIT_ADMIN,), CITY),
]
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")


def new_password() -> str:
    """A fresh password for this demo, easy to type and good for every rule."""
    letters = base64.b32encode(os.urandom(5)).decode().lower()
    return f"Demo-{letters[:4]}-{letters[4:8]}-26"


@transaction.atomic
def build(demo: Demo) -> None:
    """All accounts with one password, hashed once; grants for the whole term."""
    if not settings.DEMO:
        raise RuntimeError("demo accounts are made only with PORTAL_DEMO=1")
    hashed = make_password(demo.password)
    for username, name, title, roles, unit_no in ACCOUNTS:
        user, _created = User.objects.update_or_create(
            username=username,
            defaults={"display_name": name, "title": title, "password": hashed, "is_demo": True, "is_active": True,
                      "must_change_password": False, "password_changed_at": timezone.now()},
        )  # fmt: skip
        for role in roles:
            Grant.objects.get_or_create(
                user=user, role=role.value, unit=demo.unit(unit_no), ended_at=None, delegated_from=None,
                defaults={"reach": Reach.SUBTREE, "starts_on": demo.today.replace(month=1, day=1), "reason": "演示"},
            )  # fmt: skip
    demo.users = {user.username: user for user in User.objects.filter(is_demo=True)}


def totp_secrets() -> dict[str, str]:
    """A TOTP secret for each administrator; kept when there is one already."""
    from allauth.mfa.models import Authenticator  # deferred: a library of sign-in, needed by the demo only
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.mfa.utils import decrypt

    found = {}
    for user in User.objects.filter(username__in=ADMINISTRATORS, is_demo=True):
        known = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if known is None:
            secret = generate_totp_secret()
            TOTP.activate(user, secret)
        else:
            secret = decrypt(known.data["secret"])
        found[user.username] = secret
    return found


register(DemoPart("people", 20, build, lambda: User.objects.filter(is_demo=True).count() >= len(ACCOUNTS)))
