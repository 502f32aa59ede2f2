"""Adds saved views and export to every list page."""

import uuid
from typing import Any

from portal.access.permissions import Perm
from portal.listing.queries import views_of
from portal.ui.lists import ListSpec, set_extras


def _extras(request: Any, spec: ListSpec, query: str) -> dict[str, Any]:
    return {
        "listing_template": "portal/listing/_bar.html",
        "saved_views": list(views_of(request.user, spec.code)),
        "may_export": spec.export and request.scope.has(Perm.EXPORT_PLAIN),
        "may_export_sensitive": any(column.sensitive for column in spec.columns)
        and request.scope.has(Perm.EXPORT_SENSITIVE),
        "export_token": str(uuid.uuid4()),
    }


set_extras(_extras)
