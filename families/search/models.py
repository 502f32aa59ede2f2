"""The index of published works."""

from typing import ClassVar

from django.db import models

from families.search.fields import TermsField
from families.works.models import Work
from portal.access.scope import UNSCOPED


class WorkSearch(models.Model):
    """One published work: its public words and its filters. The table is made by a migration of its own, because it
    is an FTS5 table on SQLite; there is no foreign key in the database, and what is shown is asked of the work."""

    scope_rule = UNSCOPED

    seq = models.BigIntegerField(primary_key=True, db_column="rowid")
    work = models.OneToOneField(Work, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    terms = TermsField()

    class Meta:
        db_table = "families_worksearch"
        ordering: ClassVar = ["-seq"]

    def __str__(self) -> str:
        return str(self.work_id)
