"""Plausible logs of last year and this year around the facts, for every unit of 阳泉 down to the villages.

They are marked as demo rows and built in bulk with their history; a handful goes through the real actions
(see `fresh`), so that queues, messages and the journal are alive.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.units.models import Level, Unit

# kind, words for the title, weight, typical headcount, audiences
PATTERNS: list[tuple[str, list[str], int, tuple[int, int], list[str]]] = [
    ("talk", ["家风宣讲进{place}", "“八小时以外”助廉宣讲走进{place}", "清廉家风故事会·{place}专场"], 30, (28, 120), ["residents", "officials"]),
    ("reading", ["“读清廉故事”共读活动（{place}）", "家庭经典诵读走进{place}"], 16, (20, 70), ["parents", "children"]),
    ("parent_child", ["亲子共学家规家训（{place}）", "“小手拉大手”清廉亲子活动（{place}）"], 14, (16, 60), ["parents", "children"]),
    ("theme", ["“送法进万家”家庭教育宣传（{place}）", "清廉家庭主题宣传日（{place}）"], 14, (30, 160), ["residents", "parents"]),
    ("works", ["家规家训征集走进{place}", "“家庭助廉”书画作品收集（{place}）"], 10, (12, 40), ["residents", "students"]),
    ("warning", ["家庭助廉警示教育（{place}）"], 7, (20, 66), ["officials", "spouses"]),
    ("craft", ["一幅手作“寄”清廉（{place}）", "剪纸面塑话家风（{place}）"], 6, (15, 45), ["women", "children"]),
    ("symposium", ["廉内助座谈会（{place}）"], 5, (12, 30), ["spouses"]),
    ("family_visit", ["清廉家访（{place}）"], 4, (6, 20), ["residents"]),
    ("volunteer", ["巾帼志愿服务家风小课堂（{place}）"], 4, (15, 50), ["volunteers", "elderly"]),
]  # fmt: skip
# Shares of the year's activities by month: 三八, 5·15 and the autumn are busy.
SEASON = [5, 6, 12, 8, 13, 9, 6, 7, 9, 11, 9, 5]
SUMMARIES = [
    "从三件家常小事讲起，请大家说说自家的规矩。",
    "结合身边最美家庭的故事，讲清廉家风怎样一代代传下来。",
    "现场交流家规家训，家长和孩子一起写下一句话。",
    "学习家庭教育促进法，发放倡议书，听取大家的建议。",
]


def plan(rng: random.Random, unit: Unit, *, year: int, count: int, until: date) -> list[dict[str, Any]]:
    """`count` rows of one unit spread over a year by season; nothing after `until`."""
    rows = []
    for _ in range(count):
        month = rng.choices(range(1, 13), weights=SEASON)[0]
        day = date(year, month, rng.randint(1, 28))
        if day > until:
            continue
        rows.append(row(rng, unit, day))
    return rows


def row(rng: random.Random, unit: Unit, day: date) -> dict[str, Any]:
    """One plausible log entry."""
    kind, titles, _weight, (low, high), audiences = rng.choices(
        PATTERNS, weights=[item[2] for item in PATTERNS]
    )[0]
    place = (
        unit.short_name
        if unit.level >= Level.TOWNSHIP
        else f"{unit.short_name}{rng.choice(['文化馆', '机关', '妇女之家', '家长学校'])}"
    )
    heads = rng.randint(low, high)
    online = rng.choice([0, 0, 0, 0, rng.randint(200, 1400)])
    starts = datetime(
        day.year,
        day.month,
        day.day,
        rng.choice([9, 10, 14, 15, 19]),
        rng.choice([0, 30]),
        tzinfo=timezone.get_default_timezone(),
    )
    return {
        "unit": unit, "level": unit.level, "kind": kind, "title": rng.choice(titles).format(place=place), "place": place,
        "starts_at": starts, "ends_at": starts + timedelta(minutes=rng.choice([60, 90, 120])),
        "form": "mixed" if online else "offline", "headcount": heads, "online_visits": online or None,
        "households": rng.choice([None, heads // 2]), "materials_count": rng.choice([None, None, heads]),
        "headcount_estimated": heads % 10 == 0 and heads >= 50, "audiences": audiences, "summary": rng.choice(SUMMARIES),
        "sessions": 1,
    }  # fmt: skip
