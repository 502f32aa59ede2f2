"""The form of a submission: one page, works without JavaScript, loses nothing when it fails."""

from families.works.forms.submit.form import WorkForm

__all__ = ["WorkForm"]
