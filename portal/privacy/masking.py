"""How personal values look where they are not needed in full (domain reference §10.2)."""

import re
import unicodedata

COMPOUND_SURNAMES = (
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方", "端木", "夏侯", "宇文", "长孙", "南宫",
)  # fmt: skip


def _letters(text: str) -> list[str]:
    """Characters as people see them: combining marks and variation selectors stay with theirs."""
    found: list[str] = []
    for char in text.strip():
        if found and (unicodedata.combining(char) or unicodedata.category(char) == "Mn" or char == "\u200d"):
            found[-1] += char
        else:
            found.append(char)
    return found


def mask_name(name: str) -> str:
    """张三 → 张*，张小三 → 张*三. The number of stars says nothing about the length."""
    letters = _letters(name)
    if not letters:
        return ""
    if len(letters) <= 2:
        return f"{letters[0]}*"
    return f"{letters[0]}*{letters[-1]}"


def child_name(name: str) -> str:
    """张小三 → 张同学: what may be shown of a minor in public."""
    bare = name.strip()
    if len(bare) > 2 and bare.startswith(COMPOUND_SURNAMES):
        return f"{bare[:2]}同学"
    letters = _letters(bare)
    return f"{letters[0]}同学" if len(letters) > 1 else "一位同学"


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678; other numbers keep their last two digits."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 5 else "****" if digits else ""


def mask_id(number: str) -> str:
    """First four and last four digits; the date of birth never."""
    bare = re.sub(r"\s", "", number)
    if len(bare) != 18:
        return "*" * 8 if bare else ""
    return f"{bare[:4]}{'*' * 10}{bare[-4:]}"


def mask_email(address: str) -> str:
    """a***@qq.com."""
    local, at, host = address.strip().rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***@{host}" if at else "***" if address.strip() else ""
