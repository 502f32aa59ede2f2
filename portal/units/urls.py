"""Under /staff/units/."""

from django.urls import path, register_converter

from portal.units import views


class UnitNumber:
    """`140321100000` or `140300000000-01`."""

    regex = r"[0-9]{12}(?:-[0-9]{1,3})*"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class ChangeWord:
    """The four changes of an existing unit."""

    regex = "rename|close|move|merge"
    to_python = to_url = staticmethod(str)


register_converter(UnitNumber, "unit_no")
register_converter(ChangeWord, "unit_change")

urlpatterns = [
    path("", views.index, name="index"),
    path("list/", views.listing, name="list"),
    path("options/", views.options, name="options"),
    path("<unit_no:unit_no>/", views.detail, name="detail"),
    path("<unit_no:unit_no>/node/", views.node, name="node"),
    path("<unit_no:unit_no>/add/", views.add, name="add"),
    path("<unit_no:unit_no>/cancel/", views.cancel, name="cancel"),
    path("<unit_no:unit_no>/<unit_change:kind>/", views.change, name="change"),
]
