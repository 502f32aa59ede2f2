"""Captions line by line: what is taken, what is told about the rest, and that nothing of a file but its text is served."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.files import captions
from portal.files.captions import CaptionsError

SRT = "1\n00:00:01,000 --> 00:00:03,500\n一粥一饭，\n当思来处不易；\n\n2\n00:00:03,500 --> 00:00:06,000\n半丝半缕，恒念物力维艰。\n"
VTT = (
    "WEBVTT - 家训\n\nNOTE 备注\n\nSTYLE\n::cue { background: url(https://evil.example/x) }\n\n"
    "intro\n00:01.000 --> 00:03.500 line:0 position:900%\n<v 奶奶>一粥一饭，</v>\n<b>当思来处不易；</b>\n\n"
    "00:03.500 --> 00:06.000\n半丝半缕，恒念物力维艰。\n"
)
CLEAN = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\n一粥一饭，\n当思来处不易；\n\n"
    "00:00:03.500 --> 00:00:06.000\n半丝半缕，恒念物力维艰。\n"
)


@pytest.mark.parametrize(
    "text",
    [
        SRT,
        VTT,
        SRT.replace("\n", "\r\n"),
        "\ufeff" + SRT,
        SRT.replace("\n\n2\n", "\n2\n"),
        "\n\n" + SRT + "\n\n",
    ],
)
def test_both_kinds_become_the_same_plain_webvtt(text: str) -> None:
    assert captions.write(captions.read(text)) == CLEAN
    assert captions.write(captions.read(CLEAN)) == CLEAN


def test_words_without_times() -> None:
    assert captions.words(SRT) == "一粥一饭，\n当思来处不易；\n半丝半缕，恒念物力维艰。"
    twice = SRT.replace("一粥一饭，\n当思来处不易；", "半丝半缕，恒念物力维艰。")
    assert captions.words(twice) == "半丝半缕，恒念物力维艰。"
    assert captions.words("") == ""


def test_no_tag_no_style_and_no_script_is_taken_over() -> None:
    text = "00:01.000 --> 00:02.000\n<script>alert(1)</script> &lt;i&gt; a < b {\\an8}<font color=red>红</font>\u202e"
    written = captions.write(captions.read(text))
    assert "<" not in written
    assert "alert(1) &lt;i&gt; a &lt; b 红" in written
    sly = captions.write(captions.read("00:01.000 --> 00:02.000\n上 &#45;&#45;&gt; 下"))
    assert sly.count("-->") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SRT.replace("00:00:01,000 -->", "00:00:0a,000 -->"),
            "第 2 行：时间“00:00:0a,000 --> 00:00:03,500”看不懂",
        ),
        (SRT.replace("--> 00:00:06,000", "--> 00:00:03,000"), "第 7 行：结束时间 0:03 不晚于开始时间 0:03"),
        (SRT.replace("00:00:01,000", "00:61:01,000"), "第 2 行：分和秒不能超过 59"),
        (SRT.replace("半丝半缕，恒念物力维艰。", ""), "第 7 行：这个时间下面没有字"),
        (SRT.replace("00:00:03,500 --> 00:00:06,000\n", ""), "第 6 行：这里缺时间"),
        (
            SRT.replace("00:00:03,500 --> 00", "00:00:00,500 --> 00"),
            "第 7 行：这条从 0:00 开始，比上一条还早",
        ),
        (SRT.replace("当思来处不易；", "易" * 220), "第 3 行：这一条超过 200 个字"),
        ("WEBVTT\n\nNOTE 只有备注", "没有找到带时间的字幕"),
        ("随便写的几个字", "第 1 行：这里缺时间"),
        ("[Script Info]\nTitle: x", "这是 ASS 字幕"),
        ("[ti:歌]\n[00:12.00]一粥一饭", "这是 LRC 歌词"),
        ('<?xml version="1.0"?><tt/>', "这是 XML 字幕"),
        ("\n\n".join(f"00:00:01.000 --> 00:00:02.000\n字{n}" for n in range(2001)), "有 2001 条，太多了"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CaptionsError) as error:
        captions.read(text)
    assert said in error.value.faults[0]


def test_at_most_five_places_are_named_and_the_rest_counted() -> None:
    text = "\n\n".join(f"0:0{n} -> 0:0{n + 1}\n字" for n in range(9))
    with pytest.raises(CaptionsError) as error:
        captions.read(text)
    assert len(error.value.faults) == 6
    assert "还有 4 处" in error.value.faults[5]


def test_captions_of_a_longer_film_are_those_of_another() -> None:
    cues = captions.read(SRT)
    captions.check_length(cues, 3)
    with pytest.raises(CaptionsError, match=r"第 7 行：这条从 0:03 开始，可录音或视频只有 0:02"):
        captions.check_length(cues, 2)


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_desktops(name: str) -> None:
    assert captions.write(captions.read(captions.decode(SRT.encode(name)))) == CLEAN


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (captions.MAX_BYTES + 1), "太大了"),
        (b"MZ\x90\x00\x03\x00", "这不是字幕文件"),
        (b"\xff\x00\xff", "这不是字幕文件"),
        (b"\x81\x20\xff\xff", "认不出来"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CaptionsError, match=said):
        captions.decode(data)
    assert captions.decode(codecs.BOM_UTF8 + b"1") == "1"


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(["WEBVTT", "1", "00:01 --> 00:02", "00:01.5-->00:02", "<v a>", "字", "", "NOTE x", "\u202e", "-->", "&gt;"]), max_size=12)
    | st.lists(st.text(max_size=20), max_size=8)
)  # fmt: skip
def test_whatever_comes_is_captions_or_a_sentence(lines: list[str]) -> None:
    faults, cues = ["…"], None
    try:
        cues = captions.read("\n".join(lines))
    except CaptionsError as error:
        faults = error.faults
    assert faults
    if cues is None:
        return
    written = captions.write(cues)
    assert captions.write(captions.read(written) if cues else cues) == written
    assert "<" not in written
