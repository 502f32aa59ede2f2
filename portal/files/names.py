"""File names: what a person called the file is only ever shown, never used as a path."""

import re
import secrets
import unicodedata

MAX_SHOWN = 120
# Control, format (bidi overrides, zero width), surrogate, private use: nothing a reader can see.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def shown_name(raw: str) -> str:
    """A harmless label made from what the browser sent."""
    text = unicodedata.normalize("NFC", raw or "")
    text = re.split(r"[\\/]", text)[-1]
    text = "".join(char for char in text if unicodedata.category(char) not in HIDDEN)
    text = re.sub(r'[<>:"|?*]', "_", text).strip(" .")
    if len(text) > MAX_SHOWN:
        stem, dot, ending = text.rpartition(".")
        keep = MAX_SHOWN - len(ending) - 2
        text = f"{stem[:keep]}…{dot}{ending}" if dot and len(ending) <= 5 else text[:MAX_SHOWN]
    return text or "file"


def random_path(folder: str, ending: str) -> str:
    """A storage path nobody can guess and no input can steer."""
    name = secrets.token_hex(20)
    return f"{folder}/{name[:2]}/{name}{ending}"
