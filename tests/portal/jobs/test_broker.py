"""The queue of the embedded default survives half-written messages."""

from queue import Empty

import pytest
from kombu import Connection

from portal.jobs import broker


@pytest.fixture
def queue(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    broker.use()
    broker.Transport.global_state.clear()  # what other tests declared lives in other folders
    options = {
        "data_folder_in": str(tmp_path / "messages"), "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }  # fmt: skip
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.SimpleQueue("celery"), tmp_path / "messages"


def test_a_message_is_whole_or_not_there(queue):
    simple, folder = queue
    simple.put({"job": "家风"})
    assert [path.suffix for path in folder.iterdir()] == [".msg"]
    message = simple.get(block=False)
    assert message.payload == {"job": "家风"}
    message.ack()


def test_half_a_message_does_not_end_the_worker(queue):
    simple, folder = queue
    (folder / "1_a.celery.msg").write_text("", "utf-8")
    (folder / ".2_b.celery.msg.part").write_text('{"bo', "utf-8")
    with pytest.raises(Empty):
        simple.get(block=False)
    simple.put({"job": 2})
    message = simple.get(block=False)
    assert message.payload == {"job": 2}
    message.ack()
