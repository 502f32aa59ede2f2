"""Ports for the processes that tests start."""

import os
import random
import socket

# Below the range that the system hands to outgoing connections (32768 and up on Linux): between asking for a port and
# listening on it, the connection of another test could otherwise take it.
FIRST, LAST = 15_000, 32_000
_draw = random.Random(os.getpid())


def free_port() -> int:
    """A port nobody listens on; each process of the suite draws its own row of them."""
    while True:
        port = _draw.randrange(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
