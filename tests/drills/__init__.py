"""The fault matrix: real processes are started, killed and starved. `bin/test --drills` runs it."""
