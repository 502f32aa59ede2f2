"""Giving and ending roles, inviting and looking after people, delegating, handing over."""

from portal.grants.actions.delegating import delegate
from portal.grants.actions.giving import end, give
from portal.grants.actions.handing_over import hand_over
from portal.grants.actions.inviting import Invitation, invite, invite_many, resend, revoke_invitation
from portal.grants.actions.people import disable, enable, rename, reset_password, reset_second_factor

__all__ = [
    "Invitation",
    "delegate",
    "disable",
    "enable",
    "end",
    "give",
    "hand_over",
    "invite",
    "invite_many",
    "rename",
    "resend",
    "reset_password",
    "reset_second_factor",
    "revoke_invitation",
]
