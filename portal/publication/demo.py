"""The publication part of the demo: a few words to watch."""

from portal.demo.registry import Demo, DemoPart, register
from portal.publication import words
from portal.publication.models import WatchWord

LOOK, BLOCK = WatchWord.Strength.LOOK, WatchWord.Strength.BLOCK
WORDS = (
    ("国家级", BLOCK, "没有批准文件不能这样写"),
    ("最佳", LOOK, "改为具体事实"),
    ("第一名", LOOK, "不排名"),
    ("表彰", LOOK, "没有批准文号时写“寻找”“展示”"),
    ("示范基地", LOOK, "一般写“实践基地”"),
    ("转账", LOOK, "谨防诱导转账"),
    ("加微信", LOOK, "不放个人联系方式"),
)


def build(demo: Demo) -> None:
    """Added by the publisher, as in real life."""
    for word, strength, note in WORDS:
        words.add(actor=demo.users["publisher"], word=word, strength=strength, note=note)


register(DemoPart("words", 90, build, WatchWord.objects.exists))
