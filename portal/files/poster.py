"""Runs ffmpeg with its hands tied; started as a script (`python -I poster.py FFMPEG KIND AT IN OUT`), never imported.

The limits are set here, after the start of this small process and before ffmpeg takes its place, so that they
bind ffmpeg alone and no thread of the worker.
"""

import os
import resource
import sys

MEMORY = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 30
FILE_BYTES = 20 * 1024 * 1024


def main(program: str, kind: str, at: str, source: str, target: str) -> None:
    """One frame of a film, or the wave of a sound."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wanted = (
        ["-ss", at, "-i", source, "-frames:v", "1", "-vf", "scale=960:-2"]
        if kind == "video"
        else ["-i", source, "-filter_complex", "showwavespic=s=960x300:colors=0x2F6B5E", "-frames:v", "1"]
    )
    quiet = ["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file"]
    os.execv(program, [program, *quiet, *wanted, "-y", target])  # noqa: S606 - this is the point of the script


if __name__ == "__main__":
    main(*sys.argv[1:6])
