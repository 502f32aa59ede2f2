"""What nearly every record of the federation's work has: who made it, when, and by which form."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamped(models.Model):
    """Base of records that one person makes.

    `client_token` is drawn when the form is opened and unique here, so that a form sent twice makes one record.
    """

    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Edited(Stamped):
    """The same for records that are changed afterwards."""

    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
