"""Kinds of content that may be published. Each slice registers its own in its `wiring.py`.

`snapshot(obj)` says what the public will see, as plain JSON:
    title, text, author (as shown, masked), place, photos [{"url", "alt"}, for sound and video also "kind"],
    documents [{"url", "name"}], facts [[label, value], …],
    more_text [[label, text], …]; every key is optional.
The callbacks run inside the transaction of the step, after the state has changed.
"""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils.functional import Promise

from portal.access.permissions import Perm

Snapshot = dict[str, Any]


def _nobody(obj: Any) -> set[int]:
    return set()


@dataclass(frozen=True)
class ContentType:
    """One kind of publishable content.

    `levels` 2: 初审 and 审发; 3: 初审, 审核, 审发. `author_refs` are the primary keys of users who wrote or
    submitted the object and so may not approve it. `submit_perm` is asked when the gate is opened.
    Readers who hold `view_perm` get a link to the staff page.
    `private_names` are words that must not stand in the text, such as the full name of a child.
    """

    code: str
    model: str | type[Model]
    label: Promise | str
    _: KW_ONLY
    snapshot: Callable[[Any], Snapshot]
    public_url: Callable[[Any], str]
    staff_url: Callable[[Any], str]
    levels: int = 2
    submit_perm: Perm = Perm.CONTENT_SUBMIT
    view_perm: Perm | None = None
    author_refs: Callable[[Any], set[int]] = _nobody
    private_names: Callable[[Any], Iterable[str]] | None = None
    on_published: Callable[[Any, Any], None] | None = None
    on_taken_down: Callable[[Any, Any, str], None] | None = None
    on_returned: Callable[[Any, Any, str], None] | None = None
    on_restarted: Callable[[Any, Any], None] | None = None

    @property
    def model_class(self) -> type[Model]:
        """The model behind it."""
        return apps.get_model(self.model) if isinstance(self.model, str) else self.model

    @property
    def model_label(self) -> str:
        """`app.model` in lower case."""
        return self.model.lower() if isinstance(self.model, str) else self.model._meta.label_lower

    def find(self, target_id: int) -> Any | None:
        """The object, or None when it is gone."""
        return self.model_class._default_manager.filter(pk=target_id).first()


CONTENT_TYPES: dict[str, ContentType] = {}


def register(content_type: ContentType) -> None:
    """Add a kind of content; a code is given once."""
    if content_type.levels not in {2, 3}:
        raise ImproperlyConfigured("publication needs two or three people")
    known = CONTENT_TYPES.get(content_type.code)
    if known is not None and known.model_label != content_type.model_label:
        raise ImproperlyConfigured(f"content type {content_type.code} is registered twice")
    CONTENT_TYPES[content_type.code] = content_type


def get(code: str) -> ContentType:
    """A registered kind; raises KeyError."""
    return CONTENT_TYPES[code]


def of(obj: Model) -> ContentType:
    """The kind of an object; raises LookupError when its model is not publishable."""
    label = obj._meta.label_lower
    for content_type in CONTENT_TYPES.values():
        if content_type.model_label == label:
            return content_type
    raise LookupError(f"{label} is not registered for publication")
