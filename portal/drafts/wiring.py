"""Tells the gate what to do with a form that arrives after the session ended."""

from portal.access.gate import set_expired_post_hook
from portal.drafts.rescue import expired_post

set_expired_post_hook(expired_post)
