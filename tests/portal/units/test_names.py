"""Short names people say, and what a unit is found by."""

import pytest

from portal.units.names import is_placeholder, search_text, short_name, unit_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("河坡村委会", "河坡村"),
        ("郭家湾村村民委员会", "郭家湾村"),
        ("新华东街社区居委会", "新华东街社区"),
        ("紫气山社区居民委员会", "紫气山社区"),
        ("第一居委会", "第一居委会"),
        ("翠园居民委员会", "翠园居委会"),
        ("曹洼社区居民管理委员会", "曹洼社区"),
        ("新艾里嘎查委会", "新艾里嘎查"),
        ("日克嘎查村委会", "日克嘎查"),
        ("香房村委", "香房村"),
        ("措里玛牧委会", "措里玛牧委会"),
        ("林场生活区", "林场生活区"),
        ("下五渡社区", "下五渡社区"),
        ("村委会", "村委会"),
    ],
)
def test_village_names_are_made_even(name, short):
    assert short_name(name, 5) == short


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("玉屏侗族自治县", 3, "玉屏县"),
        ("临夏回族自治州", 2, "临夏州"),
        ("黔西南布依族苗族自治州", 2, "黔西南州"),
        ("东乡族自治县", 3, "东乡县"),
        ("积石山保安族东乡族撒拉族自治县", 3, "积石山县"),
        ("内蒙古自治区", 1, "内蒙古"),
        ("新疆维吾尔自治区", 1, "新疆"),
        ("鄂温克族自治旗", 3, "鄂温克旗"),
        ("平定县", 3, "平定县"),
        ("冠山镇", 4, "冠山镇"),
    ],
)
def test_autonomous_places_lose_the_long_words(name, level, short):
    assert short_name(name, level) == short


def test_federation_is_named_after_its_place():
    assert unit_name("平定县", 3) == "平定县妇联"
    assert unit_name("河坡村委会", 5) == "河坡村妇联"
    assert unit_name("玉屏侗族自治县", 3) == "玉屏侗族自治县妇联"


def test_placeholders_are_known():
    assert is_placeholder("市辖区", 2)
    assert not is_placeholder("市辖区", 3)
    assert is_placeholder("文景街道虚拟社区", 5)
    assert not is_placeholder("东关社区", 5)


def test_search_knows_pinyin_initials_surnames_and_rare_characters():
    text = search_text(["单家庄村", "长岭村"])
    assert " sjzc" in text
    assert " shanjiazhuangcun" in text
    assert " djzc" in text
    assert " zlc" in text
    assert "𠮷" in search_text(["𠮷田村"])
