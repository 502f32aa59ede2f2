"""Forms of staff: a call with every field of domain reference §3.3, late codes, the notice to units."""

from families.calls.forms.call import CallForm
from families.calls.forms.notices import LateCodeForm, NoticeForm

__all__ = ["CallForm", "LateCodeForm", "NoticeForm"]
