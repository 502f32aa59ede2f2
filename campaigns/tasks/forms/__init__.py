"""What is typed about tasks and quotas. Forms write nothing."""

from campaigns.tasks.forms.base import (
    ReasonForm,
)
from campaigns.tasks.forms.copy import (
    AnswerForm,
    PeopleForm,
)
from campaigns.tasks.forms.quota import (
    EntryForm,
    QuotaForm,
    ShareForm,
    ShareFormSet,
    SplitForm,
)
from campaigns.tasks.forms.task import (
    DueForm,
    TaskForm,
)

__all__ = [
    "AnswerForm",
    "DueForm",
    "EntryForm",
    "PeopleForm",
    "QuotaForm",
    "ReasonForm",
    "ShareForm",
    "ShareFormSet",
    "SplitForm",
    "TaskForm",
]
