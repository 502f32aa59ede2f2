"""What a family reads on the page of a form: the value of every field and the sentence at every field."""

from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

VOID = {"input", "img", "br", "meta", "link", "hr", "source"}


class FormPage(HTMLParser):
    """`values[name]` as a browser would send them again, `errors[name]` as they stand at the field."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = defaultdict(list)
        self.errors: dict[str, str] = {}
        self.described: dict[str, set[str]] = defaultdict(set)
        self.alerts = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self.feed(html)
        self.close()
        self.errors = {name: " ".join(text.split()) for name, text in self.errors.items()}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Fields and the elements that words stand in."""
        known = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, known))
        name = known.get("name") or self._legend_of(tag, known)
        if name:
            self.described[name] |= set(known.get("aria-describedby", "").split())
        if tag == "input" and known.get("type") in {"checkbox", "radio"}:
            if "checked" in known:
                self.values[name].append(known.get("value", "on"))
        elif tag == "input" and known.get("type") != "file" and name:
            self.values[name].append(known.get("value", ""))
        elif tag == "textarea":
            self.values[name].append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in known:
            self.values[self._select].append(known.get("value", ""))

    @staticmethod
    def _legend_of(tag: str, known: dict[str, str]) -> str:
        """A group of choices is described at its fieldset."""
        wanted = known.get("aria-describedby", "") if tag == "fieldset" else ""
        return wanted.removeprefix("id_").removesuffix("_error")

    def handle_endtag(self, tag: str) -> None:
        """Out of the element again."""
        while self._open:
            closed, _known = self._open.pop()
            if closed == tag:
                break
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Words of a text area, of an error, of the alert on top."""
        for tag, known in self._open:
            mark = known.get("id", "")
            if tag == "textarea":
                at = self.values[known.get("name", "")]
                at[-1] += data
            if mark.startswith("id_") and mark.endswith("_error"):
                name = mark.removeprefix("id_").removesuffix("_error")
                self.errors[name] = self.errors.get(name, "") + data
            if "q-alert" in known.get("class", "").split():
                self.alerts += data

    def value(self, name: str) -> str:
        """What would be sent again for a field; a text area loses the newline that HTML puts first."""
        return ",".join(one.removeprefix("\n") for one in self.values.get(name, []))
