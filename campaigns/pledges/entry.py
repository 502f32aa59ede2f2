"""What a signing form says, as plain data between form and action."""

from dataclasses import dataclass, field

from portal.privacy.rules import ConsentType
from portal.units.models import Unit


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One signature. `sign_image` is a cleaned PNG in base64, or empty for a tick. `consents` holds the words of
    every ticked box."""

    signer_name: str
    phone: str
    unit: Unit
    relation: str
    members: int = 1
    guardian_name: str = ""
    supervisor_name: str = ""
    supervisor_relation: str = ""
    sign_image: str = ""
    consents: dict[ConsentType, str] = field(default_factory=dict)
