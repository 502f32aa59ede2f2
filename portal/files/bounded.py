"""Puts a foreign program in the place of this small process with its hands tied; started as a script
(`python -I bounded.py MEGABYTES CPU_SECONDS FILE_MEGABYTES PROGRAM …`), never imported.

The limits are set here, after the start of this process and before the program takes its place, so that they
bind the program alone and no thread of the worker. It dies with the worker, and lets everybody else go first.

A program that has used up its processor time is ended by SIGPROF, which nobody else sends: ffmpeg catches SIGXCPU and
then ends as if the machine were going down. The limit of the kernel stands a few seconds behind, for a program that
does not listen.
"""

import ctypes
import os
import resource
import signal
import sys

MEGABYTE = 1024 * 1024
PR_SET_PDEATHSIG = 1
GRACE = 5


def main(memory: str, cpu: str, file_size: str, *command: str) -> None:
    """Tie, then become the program."""
    for limit, value in (
        (resource.RLIMIT_AS, int(memory) * MEGABYTE),
        (resource.RLIMIT_CPU, int(cpu) + GRACE),
        (resource.RLIMIT_FSIZE, int(file_size) * MEGABYTE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(10)
    signal.setitimer(signal.ITIMER_PROF, int(cpu))  # outlives exec
    os.execv(command[0], command)  # noqa: S606 - this is the point of the script


if __name__ == "__main__":
    main(*sys.argv[1:])
