"""List pages: filter, sort, page by key, bulk choice, columns for the screen and for export.

A slice declares one `ListSpec`, registers it, and calls `build` in its view::

    SPEC = register(ListSpec(code="activities", rows=lambda scope: scope.rows(Activity, Perm.ACTIVITY_VIEW), …))
    page = build(request, SPEC)                       # → ListPage for the template `ui/list.html`
    rows = chosen(request, SPEC)                      # the rows of a bulk POST, inside the scope
"""

from portal.ui.lists.page import ListPage, build, chosen, matching, set_extras
from portal.ui.lists.spec import LISTS, Column, ListSpec, Sort, choice, register

__all__ = [
    "LISTS",
    "Column",
    "ListPage",
    "ListSpec",
    "Sort",
    "build",
    "choice",
    "chosen",
    "matching",
    "register",
    "set_extras",
]
