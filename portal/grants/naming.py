"""A user name proposed from a Chinese name."""

import re

from portal.grants import queries


def propose(display_name: str, taken: list[str] | None = None) -> str:
    """`张三` → `zhangsan`, with a number when it is in use; `user` when nothing can be read."""
    from pypinyin import lazy_pinyin  # deferred: loads dictionaries for most of a second

    letters = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(display_name)).lower())
    if not letters or not letters[0].isalpha():
        letters = f"u{letters}" if letters else "user"
    return queries.free_username(letters[:24].ljust(3, "0"), taken or [])
