"""ECharts options as plain dictionaries; colours are tokens that the browser resolves."""

from typing import Any

from portal.dashboards.overview import Overview


def trend_option(overview: Overview, code: str) -> dict[str, Any]:
    """Bars of this year beside last year; the unfinished month is pale and dashed."""
    trend = overview.trends[code]
    year = overview.period.year
    now = []
    for row in trend["rows"]:
        item: dict[str, Any] = {"value": row["now"]}
        if row["unfinished"]:
            item["itemStyle"] = {
                "color": "var(--rose-200)",
                "borderColor": "var(--rose-600)",
                "borderType": "dashed",
            }
        now.append(item)
    return {
        "grid": {"left": 8, "right": 8, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"right": 0, "top": 0, "itemWidth": 12, "itemHeight": 12},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": [row["label"] for row in trend["rows"]], "axisTick": {"show": False}},
        "yAxis": {"type": "value", "name": str(trend["metric"].unit), "minInterval": 1},
        "series": [
            {
                "type": "bar", "name": f"{year}", "data": now, "barMaxWidth": 22,
                "itemStyle": {"color": "var(--c1)", "borderRadius": [3, 3, 0, 0]},
                "label": {"show": True, "position": "top", "color": "var(--ink-700)"},
            },
            {
                "type": "bar", "name": f"{year - 1}", "data": [row["before"] for row in trend["rows"]],
                "barMaxWidth": 22, "itemStyle": {"color": "var(--ink-300)", "borderRadius": [3, 3, 0, 0]},
            },
        ],
    }  # fmt: skip
