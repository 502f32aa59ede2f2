"""What runs did, in words."""

from portal.jobs.registry import PERIODIC
from portal.jobs.words import RESULT_WORDS, kind_text, result_text
from portal.notifications.reminders import REMINDERS
from portal.privacy.registry import RETENTION


def test_counts_are_said_in_words_and_noughts_are_left_out():
    assert result_text({"expired": 2, "removed": 0, "deleted": 1}) == "到期 2；删除 1"
    assert result_text({"expired": 0}) == "没有要处理的"
    assert result_text({"tasks.due": -1}) == "任务提醒 出错"
    assert result_text({}) == result_text(None) == ""


def test_every_periodic_job_reminder_and_retention_has_a_name_in_words():
    unnamed = [name for name in PERIODIC if kind_text(name) == name]
    assert unnamed == []
    assert [code for code in [*REMINDERS, *RETENTION] if code not in RESULT_WORDS] == []
