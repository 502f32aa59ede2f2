"""Forms of materials, documents and courses. They write nothing."""

from campaigns.materials.forms.courses import (
    CourseForm,
    LectureFormSet,
    days_fit,
    lecture_rows,
    lectures_of,
)
from campaigns.materials.forms.documents import DocumentForm, ReasonForm, ReplaceForm
from campaigns.materials.forms.stock import MaterialForm, PlacementForm, ViewingForm

__all__ = [
    "CourseForm",
    "DocumentForm",
    "LectureFormSet",
    "MaterialForm",
    "PlacementForm",
    "ReasonForm",
    "ReplaceForm",
    "ViewingForm",
    "days_fit",
    "lecture_rows",
    "lectures_of",
]
