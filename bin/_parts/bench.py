"""bin/bench: sets up like bin/test, then hands over to benchmarks/run.py."""

import subprocess
import sys

import bootstrap
from sentences import CannotGoOn, Exit, say, tell

HELP = """usage: bin/bench [options]

Measures pages against a floor (a bare Django page with a session on the same server), on this machine only.

  --activities N[,N…]  sizes to measure at (default 1000); data is made once by seed_scale and kept
  --works N[,N…]       works at every size (default: as many as activities / 10)
  --only NAME[,NAME…]  only scenarios whose names begin so
  --requests N         requests per scenario (default 60)
  --clients N          clients at once for requests/s (default 4)
  --json FILE          where the figures go (default benchmarks/reports/latest.json)
  --write              also write the table of docs/benchmarks.md
  --list               names of the scenarios
"""


def main() -> int:
    if {"-h", "--help"} & set(sys.argv[1:]):
        say(HELP)
        return int(Exit.OK)
    try:
        python = bootstrap.ensure(bootstrap.DEVELOPMENT)
        command = [str(python), "-m", "benchmarks.run", *sys.argv[1:]]
        return subprocess.run(command, cwd=bootstrap.ROOT, check=False).returncode
    except CannotGoOn as error:
        return tell(error)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
