"""Who made a work: up to five authors, a household's name, instructors. Part of the form of a submission.

The usual single author sees two fields; everything else is folded under one line. Further authors are rows with numbered
names (`birth_ym_2`), so that drafts, autosave and a page without JavaScript carry them like any other field.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works import wording
from families.works.entry import AuthorEntry
from families.works.forms.fields import LineField, MonthField, NameField
from families.works.forms.rows import ROWS, rows_in
from families.works.naming import names_a_child
from families.works.rules import (
    AUTHOR_FIELDS,
    HOUSEHOLD_MAX,
    MAX_AUTHORS,
    MAX_INSTRUCTORS,
    Audience,
    numbered,
    plain_name,
)
from portal.privacy.rules import is_minor

TOO_MANY = gettext_lazy("最多写 5 位作者。人更多的，可以用全家署名。")
LINES = ("household", "household_agreed")


@dataclass(frozen=True)
class Row:
    """One author on the page."""

    number: int
    name: BoundField
    birth_ym: BoundField
    pen_name: BoundField
    role: BoundField


class AuthorsMixin:
    """The people of a form of works. `more_people` off: one author, no more (the reply to a letter)."""

    fields: dict[str, forms.Field]
    initial: dict[str, Any]
    data: Any
    is_bound: bool
    more_people = True
    authors: tuple[AuthorEntry, ...] = ()

    def _shape_people(self) -> None:
        """Add the fields for further authors, the household and the instructors."""
        if not self.more_people:
            return
        for number in range(1, MAX_AUTHORS + 1):
            self._shape_author(number)
        self.fields["household"] = LineField(
            label=_("全家署名"), required=False, max_length=HOUSEHOLD_MAX,
            widget=forms.TextInput(attrs={"placeholder": _("例如：张家"), "autocomplete": "off"}),
            help_text=_("选了“写上名字”时，公开页面写这个，不写各人的姓名。"),
        )  # fmt: skip
        self.fields["household_agreed"] = forms.BooleanField(label=wording.CONSENT_HOUSEHOLD, required=False)
        for number in range(1, MAX_INSTRUCTORS + 1):
            label = _("指导老师") if number == 1 else _("第 2 位指导老师")
            self.fields[numbered("instructor", number)] = NameField(
                label=label, required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )  # fmt: skip
        if self.said_rows > 1:  # a new empty row is where typing goes on
            last = numbered("author_name", self.shown_rows)
            if self._said(ROWS) and not self._said(last):
                self.fields[last].widget.attrs["autofocus"] = ""

    def _shape_author(self, number: int) -> None:
        fields = self.fields
        off = {"autocomplete": "off"}
        if number > 1:
            fields[numbered("author_name", number)] = NameField(
                label=_("姓名"), required=False, max_length=60, widget=forms.TextInput(attrs=dict(off))
            )
            fields[numbered("birth_ym", number)] = MonthField(
                label=_("出生年月"), required=False, max_length=12,
                widget=forms.TextInput(attrs={**off, "inputmode": "numeric", "placeholder": "1962-05"}),
            )  # fmt: skip
        fields[numbered("pen_name", number)] = LineField(
            label=_("笔名"), required=False, max_length=20, widget=forms.TextInput(attrs=dict(off)),
        )  # fmt: skip
        fields[numbered("role", number)] = LineField(
            label=_("分工"), required=False, max_length=20,
            widget=forms.TextInput(attrs={**off, "placeholder": _("例如：撰文、书写")}),
        )  # fmt: skip

    def _said(self, name: str) -> str:
        source = self.data if self.is_bound else self.initial
        return str(source.get(name) or "")

    # -- what the page shows -----------------------------------------------------------------------

    @property
    def said_rows(self) -> int:
        """How many rows were asked for or filled; may be more than are allowed."""
        return rows_in(self.data if self.is_bound else self.initial)

    @property
    def shown_rows(self) -> int:
        """How many rows the page shows."""
        return min(self.said_rows, MAX_AUTHORS)

    @property
    def is_full(self) -> bool:
        """No further author can be added."""
        return self.shown_rows >= MAX_AUTHORS

    def _rows(self, numbers: range) -> Iterator[Row]:
        form: Any = self
        for number in numbers:
            yield Row(number, *(form[numbered(name, number)] for name in AUTHOR_FIELDS))

    @property
    def further_rows(self) -> list[Row]:
        """The second author and those after, as far as they are shown."""
        return list(self._rows(range(2, self.shown_rows + 1))) if self.more_people else []

    @property
    def spare_rows(self) -> list[Row]:
        """The rows that a script can add without asking the server."""
        return list(self._rows(range(self.shown_rows + 1, MAX_AUTHORS + 1))) if self.more_people else []

    @property
    def are_people_open(self) -> bool:
        """Is anything there that the folded line would hide?"""
        names = ("pen_name", "role", *LINES)
        errors = getattr(self, "_errors", None) or {}
        return (
            self.said_rows > 1
            or any(self._said(name) for name in names)
            or any(name in errors for name in names)
        )

    @property
    def are_instructors_open(self) -> bool:
        """The same for the instructors."""
        names = [numbered("instructor", number) for number in range(1, MAX_INSTRUCTORS + 1)]
        errors = getattr(self, "_errors", None) or {}
        return any(self._said(name) or name in errors for name in names)

    @property
    def youngest_field(self) -> str:
        """Where to say that no group takes this age: at the youngest author's date of birth."""
        if not self.authors:
            return "birth_ym"
        births = [author.birth_ym for author in self.authors]
        return numbered("birth_ym", births.index(max(births)) + 1)

    # -- cleaning ----------------------------------------------------------------------------------

    def refuse_sixth(self) -> None:
        """A row too many was asked for or sent."""
        form: Any = self
        if self.more_people and self.said_rows > MAX_AUTHORS:
            form.add_error(numbered("author_name", MAX_AUTHORS), TOO_MANY)

    def _clean_authors(self, data: dict[str, Any]) -> None:
        """Rows become authors; whoever is half filled in, there twice or too many is named at the row."""
        self.refuse_sixth()
        found: list[AuthorEntry] = []
        for number in range(1, (MAX_AUTHORS if self.more_people else 1) + 1):
            author = self._author(data, number)
            if author is not None:
                self._refuse_twice(author, found, number)
                found.append(author)
        self.authors = tuple(found)
        if self.more_people:
            self._clean_household(data)
            self._clean_roles(data)
            self._clean_instructors(data)

    def _author(self, data: dict[str, Any], number: int) -> AuthorEntry | None:
        form: Any = self
        names = {name: numbered(name, number) for name in AUTHOR_FIELDS}
        said = any(self._said(name).strip() for name in names.values())
        if number > 1 and not said:
            return None
        words = {"author_name": _("姓名"), "birth_ym": _("出生年月")}
        for name, what in words.items():
            if number > 1 and names[name] in data and not data[names[name]]:
                form.add_error(
                    names[name],
                    _("请填写第 %(n)d 位作者的%(what)s；没有这一位的，请点“去掉”。") % {"n": number, "what": what},
                )  # fmt: skip
        name, born = data.get(names["author_name"]), data.get(names["birth_ym"])
        if not name or not born:
            return None
        return AuthorEntry(
            name, born, role=data.get(names["role"], ""), pen_name=data.get(names["pen_name"], "")
        )

    def _refuse_twice(self, author: AuthorEntry, others: list[AuthorEntry], number: int) -> None:
        form: Any = self
        for place, other in enumerate(others, 1):
            if plain_name(author.name) == plain_name(other.name) and author.birth_ym == other.birth_ym:
                form.add_error(
                    numbered("author_name", number),
                    _("和第 %(n)d 位作者的姓名、出生年月都一样，请去掉一位或改正。") % {"n": place},
                )
                return

    def _clean_household(self, data: dict[str, Any]) -> None:
        form: Any = self
        household = data.get("household") or ""
        if not household:
            return
        if len(household) < 2:
            form.add_error("household", _("全家署名请写 2–20 个字，例如“张家”。"))
        today = timezone.localdate()
        if names_a_child(household, self.authors, today):
            form.add_error("household", _("全家署名里不要写孩子的姓名，可以写“张家”。"))
        if data.get("audience") == Audience.PUBLIC and not data.get("household_agreed"):
            form.add_error(
                "household_agreed", _("家里人都同意公开写这个名字的，请勾选；不写的，请清空全家署名。")
            )

    def _clean_roles(self, data: dict[str, Any]) -> None:
        form: Any = self
        for number, author in enumerate(self.authors, 1):
            if author.role and names_a_child(author.role, self.authors, timezone.localdate()):
                form.add_error(numbered("role", number), _("分工会写在公开页面上，请不要写孩子的姓名。"))

    def _clean_instructors(self, data: dict[str, Any]) -> None:
        form: Any = self
        names = [numbered("instructor", number) for number in range(1, MAX_INSTRUCTORS + 1)]
        typed = [name for name in names if data.get(name)]
        today = timezone.localdate()
        if typed and self.authors and not any(is_minor(author.birth_ym, today) for author in self.authors):
            for name in typed:
                form.add_error(name, _("作者都已成年，不用填指导老师，请清空。"))
        if len(typed) == 2 and plain_name(data[typed[0]]) == plain_name(data[typed[1]]):
            form.add_error(typed[1], _("两位指导老师的姓名一样，请去掉一位。"))

    def people(self) -> dict[str, Any]:
        """Of the clean values: what goes into the entry about people."""
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        names = [numbered("instructor", number) for number in range(1, MAX_INSTRUCTORS + 1)]
        return {
            "authors": self.authors,
            "household": data.get("household", ""),
            "household_agreed": bool(data.get("household_agreed")),
            "instructors": tuple(data[name] for name in names if data.get(name)),
        }
