"""Counting characters the way contest rules do; static/js/counter.js counts the same way."""

import re

# One Han character (any plane), one Latin word, one group of digits each count 1; the rest counts nothing.
HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002ebef\U0002ebf0-\U0002ee5f\U0002f800-\U0002fa1f\U00030000-\U000323af"
)
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_COUNTED = re.compile(
    f"[{HAN}]|[{LATIN}]+(?:['\u2019-][{LATIN}]+)*|[0-9\uff10-\uff19]+(?:[.,][0-9\uff10-\uff19]+)*"
)


def count_chars(text: str) -> int:
    """How long a text is: 字数 = Han characters + Latin words + digit groups."""
    return len(_COUNTED.findall(text))
