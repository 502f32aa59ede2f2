"""Masks never show what they hide; detection finds what people write."""

import random

import pytest

from portal.privacy import detect
from portal.privacy.masking import child_name, mask_email, mask_id, mask_name, mask_phone

NAMES = ["张三", "张小三", "欧阳娜娜", "㛃𬀩", "阿依古丽·买买提", "李", "𠮷野家", "Anna Li"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张小三", "张*三"), ("欧阳娜娜", "欧*娜"), ("㛃𬀩", "㛃*"), ("", ""), ("李", "李*")],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_mask_never_contains_the_name_or_its_length() -> None:
    rng = random.Random(7)
    for _ in range(2000):
        name = "".join(
            chr(rng.choice([rng.randrange(0x4E00, 0x9FFF), rng.randrange(0x20000, 0x2A6DF)]))
            for _ in range(rng.randrange(2, 31))
        )
        masked = mask_name(name)
        assert name not in masked
        assert 2 <= len(masked) <= 3
        assert "*" in masked
        assert child_name(name).endswith("同学")
        assert name[1:] not in child_name(name)


def test_mask_phone_property() -> None:
    rng = random.Random(8)
    for _ in range(2000):
        phone = f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}"
        masked = mask_phone(phone)
        assert masked == f"{phone[:3]}****{phone[-4:]}"
        assert phone not in masked
    assert mask_phone("0353-1234567") == "035****4567" or "****" in mask_phone("0353-1234567")


def test_mask_id_hides_the_birthday() -> None:
    assert mask_id("14030319900307123X") == "1403**********123X"
    assert "1990" not in mask_id("14030319900307123X")
    assert mask_email("anna@qq.com") == "a***@qq.com"
    assert child_name("欧阳娜娜") == "欧阳同学"


def valid_id() -> str:
    body = "14030319900307123"
    total = sum(int(digit) * weight for digit, weight in zip(body, detect._WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13812345678谢谢", "phone"),
        ("电话１３８１２３４５６７８谢谢", "phone"),
        ("138-1234-5678", "phone"),
        ("138 1234 5678", "phone"),
        ("+8613812345678", "phone"),
        ("一三八一二三四五六七八", "phone"),
        ("办公室0353-2345678", "landline"),
        ("写信到a.b@qq.com", "email"),
    ],
)
def test_found(text: str, kind: str) -> None:
    places = detect.find(text)
    assert [place.kind for place in places] == [kind]
    assert "12345678" not in detect.mask_text(text)


def test_id_numbers_are_checked() -> None:
    number = valid_id()
    assert [place.kind for place in detect.find(f"身份证{number}。")] == ["id_number"]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert all(place.kind != "id_number" for place in detect.find(wrong))
    assert not detect.is_id_number("140303199013011234")


def test_plain_text_is_left_alone() -> None:
    for text in ("一九八〇年三月十五日立下家规", "共 13812 元", "2026年11月23日", "第一百二十八条"):
        assert detect.find(text) == []


def test_masking_is_idempotent_and_keeps_the_rest() -> None:
    rng = random.Random(9)
    for _ in range(500):
        phone = f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}"
        text = f"家{'和' * rng.randrange(5)}{phone}万事兴"
        once = detect.mask_text(text)
        assert phone not in once
        assert once.startswith("家")
        assert once.endswith("万事兴")
        assert detect.mask_text(once) == once
