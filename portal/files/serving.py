"""Who may see the files of which kind of thing; each slice says so for its own (`AppConfig.ready()`)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.core.signing import Signer
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from portal.files.models import STAGED_SIGNER, StoredFile

CanSee = Callable[[HttpRequest, str, str], bool]
IsPublic = Callable[[str, str], bool]


@dataclass(frozen=True)
class ServingRule:
    """`can_see(request, target_id, variant)` for people inside; `is_public(target_id, variant)` for all.

    Documents have no smaller copy, so they leave a published record only where its slice says so.
    """

    can_see: CanSee
    is_public: IsPublic | None = None
    public_documents: bool = False


RULES: dict[str, ServingRule] = {}


def register(
    target_type: str, *, can_see: CanSee, is_public: IsPublic | None = None, public_documents: bool = False
) -> None:
    """Declare the rule of one target type (the model name). Without a rule nothing is served."""
    rule = ServingRule(can_see, is_public, public_documents)
    if target_type in RULES and RULES[target_type] != rule:
        raise ImproperlyConfigured(f"files of {target_type} are registered twice")
    RULES[target_type] = rule


FurtherReader = Callable[[HttpRequest, StoredFile, str], bool]
_further: list[FurtherReader] = []


def let_in(reader: FurtherReader) -> None:
    """Let further people see attached files beside those the rule names: readers of the publish gate."""
    _further.append(reader)


@dataclass(frozen=True)
class Answer:
    """May it be served, and may others keep a copy?"""

    allowed: bool
    public: bool = False


REFUSED = Answer(allowed=False)


def decide(request: HttpRequest, file: StoredFile, variant: str) -> Answer:
    """Published files are for all (never the master of a picture; documents where the rule says so); the rest
    by rule, or by key while staged."""
    if not file.is_attached:
        return Answer(allowed=_staged_by(request, file))
    rule = RULES.get(file.target_type)
    if rule is None:
        return REFUSED
    is_document = file.kind == StoredFile.Kind.DOCUMENT
    offered = rule.public_documents if is_document else variant != "master"
    if offered and rule.is_public is not None and rule.is_public(file.target_id, variant):
        return Answer(allowed=True, public=True)
    allowed = rule.can_see(request, file.target_id, variant)
    return Answer(allowed=allowed or any(reader(request, file, variant) for reader in _further))


def _staged_by(request: HttpRequest, file: StoredFile) -> bool:
    """Whoever staged it: the account, or whoever holds the signed address of an anonymous upload."""
    if file.uploaded_by_id is not None:
        return bool(request.user.is_authenticated and request.user.pk == file.uploaded_by_id)
    expected = Signer(salt=STAGED_SIGNER).signature(str(file.public_id))
    return constant_time_compare(request.GET.get("key", ""), expected)
