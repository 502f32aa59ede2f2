"""The queue of the embedded default: kombu's file-system transport, where a message is whole or not there.

The original writes into the file other processes already see; a worker that polls in that instant reads nothing,
fails to decode it and ends. Here a message is written aside and moved into place, and a broken one is dropped: the
job row is the truth, so the sweeper publishes it again.
"""

import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

import structlog
from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

log = structlog.get_logger("portal.broker")


class Channel(filesystem.Channel):
    """See the module."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        aside = folder / f".{name}.part"
        try:
            aside.write_text(dumps(payload), "utf-8")
            aside.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name!r} to the queue") from error

    def _get(self, queue: str) -> Any:
        try:
            return super()._get(queue)
        except ValueError as error:  # half a message, left by a process that was killed
            log.warning("broker.message_dropped", error=str(error))
            raise Empty from error


class Transport(filesystem.Transport):
    """`filesystem://` with the channel above."""

    Channel = Channel


def use() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
