"""The question bank as a kind of import: every row becomes a draft that a second person reviews."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.quizzes.actions import bank as actions
from campaigns.quizzes.models import Question
from campaigns.quizzes.queries import bank as queries
from campaigns.quizzes.rules import bank as rules
from campaigns.quizzes.rules.bank import Category, Difficulty, Kind
from portal.access.permissions import Perm
from portal.accounts.models import User
from portal.importing import cells
from portal.importing.registry import Ask, Column, ImportKind, Line, Match, Option, Parsed, register
from portal.importing.units import Units
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

COLUMNS = (
    Column("no", "题目编号", in_template=False),
    Column("unit_no", "单位编号", in_template=False),
    Column("unit", "单位", in_template=False),
    Column("stem", "题干", required=True, width=40),
    Column("kind", "题型", required=True, choices=lambda: [str(x) for x in Kind.labels]),
    Column("category", "类别", required=True, width=20, choices=lambda: [str(x) for x in Category.labels]),
    Column("options", "选项", width=40),
    Column("answer", "正确答案", ("答案",), required=True),
    Column("explanation", "解析", width=32),
    Column("law", "依据条文", width=28),
    Column("source", "出处", width=20),
    Column("difficulty", "难度", choices=lambda: [str(x) for x in Difficulty.labels]),
    Column("effective_on", "依据施行日期"),
    Column("expires_on", "有效期至"),
)
LABELS = {column.key: column.label for column in COLUMNS} | {"status": "状态"}
TEXTS = {"stem": rules.STEM_MOST, "explanation": rules.EXPLANATION_MOST, "law": 120, "source": 200}
DAYS = ("effective_on", "expires_on")
WRITTEN = (*TEXTS, *DAYS, "kind", "category", "options", "answer", "difficulty")
KIND_WORDS = [*Kind.choices, *((code, f"{label}题") for code, label in Kind.choices)]


class Known:
    """Units and numbered questions that the rows speak of."""

    def __init__(self, lines: list[Line], ask: Ask) -> None:
        self.units = Units(lines, ask, Perm.QUIZ_EDIT)
        self.numbered = queries.numbered(ask.scope, {line.values.get("no", "") for line in lines})


def parse(line: Line, known: Known, ask: Ask) -> Parsed:
    """One row with every fault of options and answer."""
    said = line.values
    row = Parsed(line, label=said.get("stem", ""))
    there = known.numbered.get(said.get("no", ""))
    unit = there.unit if there else row.read("unit", LABELS["unit"], lambda _text: known.units.find(line))
    if unit is not None:
        row.unit_no, row.detail = unit.unit_no, unit.short_name
    readers: dict[str, Any] = {key: cells.words(most) for key, most in TEXTS.items()} | {
        "kind": cells.choice(KIND_WORDS), "category": cells.choice(Category.choices),
        "difficulty": cells.choice(Difficulty.choices), "options": _options, "answer": _answer,
        **dict.fromkeys(DAYS, cells.day),
    }  # fmt: skip
    for key, reader in readers.items():
        value = row.read(key, LABELS[key], reader)
        if value is not None:
            row.fields[key] = value
        elif there is None and key in {"stem", "kind", "category", "answer"} and not said.get(key):
            row.faults.append(_("%(column)s：请填写。") % {"column": LABELS[key]})
    if there is None and row.fields.get("kind") == Kind.TRUE_FALSE:
        row.fields.setdefault("options", list(rules.TRUE_FALSE_OPTIONS))
    if row.is_good:
        _check(row, snapshot(there) if there else {"options": [], "answer": [], **dict.fromkeys(DAYS)})
    return row


def _options(text: str) -> list[str] | None:
    cells.refuse_formula(text)
    return [part.strip() for part in text.replace("｜", "|").split("|") if part.strip()] or None


def _answer(text: str) -> list[int] | None:
    cells.refuse_formula(text)
    if not text:
        return None
    try:
        return rules.read_answer(text)
    except ValueError as error:
        raise ValueError(_("请填正确答案的字母，例如 A 或 ACD。")) from error


def _check(row: Parsed, before: Mapping[str, Any]) -> None:
    """Options, answer and dates fit each other, with what the record has where the row says nothing."""
    after = {**before, **row.fields}
    for field, sentence in rules.faults(after["kind"], after["options"], after["answer"]):
        row.faults.append(f"{LABELS[field]}：{sentence}")
    if after["effective_on"] and after["expires_on"] and after["expires_on"] < after["effective_on"]:
        row.faults.append(_("有效期至：早于依据施行日期，请核对。"))


def match(rows: list[Parsed], known: Known, ask: Ask) -> dict[int, Match]:
    """By number surely; else a question with the same words that this person can read."""
    present = queries.by_stem(ask.scope, {row.fields.get("stem", "") for row in rows})
    found: dict[int, Match] = {}
    above: dict[str, int] = {}
    for row in rows:
        number, stem = row.line.values.get("no", ""), row.fields.get("stem", "")
        there = known.numbered.get(number) or present.get(stem)
        if there is not None:
            sure = number in known.numbered
            words = (
                _("题目编号 %(no)s 已在题库里。") % {"no": number}
                if sure
                else _("题库里已有同样的题干（编号 %(no)s，%(unit)s）。")
                % {"no": there.pk, "unit": there.unit.short_name}
            )
            found[row.line.number] = Match(
                str(there.pk), words, there.staff_url, sure, _why_not(row, known, there, ask)
            )
        elif stem in above:
            found[row.line.number] = Match("", _("和本表第 %(n)d 行题干相同。") % {"n": above[stem]})
        above.setdefault(stem, row.line.number)
    return found


def _why_not(row: Parsed, known: Known, there: Question, ask: Ask) -> str:
    if not ask.scope.may(Perm.QUIZ_EDIT, there):
        return _("这是别的单位的题，只能看，不能改。")
    if not there.is_editable:
        return _("这道题已提交或已入库，不能用表格改；请在题目页面修改，改后重新审核。")
    if known.units.is_other(row.line, there.unit):
        return _("这道题属于%(unit)s，表格不能把它改到别的单位。") % {"unit": there.unit.name}
    return ""


def snapshot(question: Question) -> dict[str, Any]:
    """A question as a row says it."""
    found: dict[str, Any] = {key: getattr(question, key) for key in WRITTEN}
    found |= {key: cells.flat(found[key]) for key in TEXTS}
    for key in DAYS:
        found[key] = found[key].isoformat() if found[key] else None
    return found | {
        "answer": sorted(question.answer),
        "options": list(question.options),
        "status": question.status,
    }


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as the action takes them."""
    found = {key: value for key, value in values.items() if key in WRITTEN}
    for key in DAYS:
        if found.get(key):
            found[key] = date.fromisoformat(found[key])
    return found | {key: found[key] or "" for key in TEXTS if key in found}


def show(key: str, value: Any) -> str:
    """A value as people read it."""
    if key == "answer":
        return rules.spelled_answer(value or [])
    if key == "options":
        return "|".join(value or [])
    words: dict[str, Any] = {
        "kind": Kind.choices,
        "category": Category.choices,
        "difficulty": Difficulty.choices,
    }
    if key in words:
        return str(dict(words[key]).get(value, value))
    return "" if value is None else str(value)


def create(
    *, actor: User, unit: Unit, fields: Mapping[str, Any], token: str, options: frozenset[str]
) -> Question:
    """One draft of a row, handed to the second person at once where that was ticked."""
    question = actions.write_question(actor=actor, unit=unit, fields=to_model(fields), client_token=token)
    if "submit" in options and question.is_editable:
        actions.submit_question(actor=actor, question=question)
    return question


def update(*, actor: User, target: Question, changes: Mapping[str, Any]) -> Question:
    """Write these values into a draft; the rest stays, so that options and answer are looked at together."""
    whole = snapshot(target) | dict(changes)
    return actions.edit_question(actor=actor, question=target, fields=to_model(whole))


KIND = register(
    ImportKind(
        code="questions",
        label=gettext_lazy("题库"),
        perm=Perm.QUIZ_EDIT,
        columns=COLUMNS,
        prepare=Known,
        parse=parse,
        match=match,
        create=create,
        update=update,
        remove=actions.remove_imported,
        load=queries.by_refs,
        snapshot=snapshot,
        label_of=lambda key: LABELS.get(key, key),
        show=show,
        notes=(
            gettext_lazy("选项用竖线 | 隔开，按 A、B、C 的顺序写，不写字母；判断题可以不填选项。"),
            gettext_lazy("正确答案写字母，多选写 ACD；判断题写“对”或“错”。"),
            gettext_lazy("导入的都是草稿，另一位同事审核后才能用。"),
        ),
        options=(Option("submit", gettext_lazy("导入后直接提交审核（不勾选则存为草稿）"), default=False),),
        list_url="/staff/quizzes/questions/",
        refusals=(WorkflowError,),
        order=40,
    )
)
