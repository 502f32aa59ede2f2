"""Who wants to know that a file has become ready; each slice says so for its own kind of thing."""

from collections.abc import Callable

from django.db.models import Model

from portal.files.models import StoredFile

Listener = Callable[[str], None]
_listeners: dict[str, Listener] = {}


def on_ready(model: type[Model], listener: Listener) -> None:
    """Call `listener(target_id)` inside the transaction in which an attached file became ready."""
    _listeners[str(model._meta.model_name)] = listener


def ready(file_id: int) -> None:
    """A file has its clean copies now. Nothing happens while nobody owns it."""
    target_type, target_id = StoredFile.objects.values_list("target_type", "target_id").get(pk=file_id)
    listener = _listeners.get(target_type)
    if listener is not None:
        listener(target_id)
