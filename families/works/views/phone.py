"""The phone step of the family's pages: that of the kernel."""

from portal.accounts import phone_codes
from portal.accounts.phone_step import PhoneStep, context_of, send, show_errors, start, take

__all__ = ["PhoneStep", "context_of", "phone_codes", "send", "show_errors", "start", "take"]
