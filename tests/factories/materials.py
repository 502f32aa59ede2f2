"""Materials, documents and courses."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.materials.models import Course, Document, Material, Placement, Viewing
from portal.accounts.models import User
from portal.units.models import Unit


def make_material(unit: Unit, by: User | None = None, **fields: Any) -> Material:
    """A booklet, or what the fields say."""
    values: dict[str, Any] = {"title": "警示教育读本", "kind": "booklet", "copies": 500}
    return Material.objects.create(unit=unit, created_by=by, **(values | fields))


def make_film(unit: Unit, by: User | None = None, **fields: Any) -> Material:
    """A film."""
    return make_material(unit, by, **({"title": "《镜鉴家风》", "kind": "film", "copies": None} | fields))


def make_placement(material: Material, **fields: Any) -> Placement:
    """Yesterday, handed out."""
    values: dict[str, Any] = {
        "unit": material.unit,
        "channel": "handed_out",
        "place": "东关社区",
        "placed_at": timezone.now() - timedelta(days=1),
        "copies": 100,
    }
    return Placement.objects.create(material=material, **(values | fields))


def make_viewing(film: Material, **fields: Any) -> Viewing:
    """Yesterday, forty people."""
    values: dict[str, Any] = {
        "unit": film.unit,
        "watched_at": timezone.now() - timedelta(days=1),
        "place": "会议室",
        "headcount": 40,
    }
    return Viewing.objects.create(film=film, **(values | fields))


def make_document(unit: Unit, by: User | None = None, **fields: Any) -> Document:
    """A rule in force."""
    return Document.objects.create(
        unit=unit, created_by=by, **({"title": "考勤制度", "kind": "rule"} | fields)
    )


def make_course(unit: Unit, by: User | None = None, **fields: Any) -> Course:
    """Three days that ended yesterday."""
    values: dict[str, Any] = {
        "title": "家庭教育线上培训班",
        "kind": "live",
        "starts_at": timezone.now() - timedelta(days=3),
        "ends_on": timezone.localdate() - timedelta(days=1),
    }
    return Course.objects.create(unit=unit, created_by=by, **(values | fields))
