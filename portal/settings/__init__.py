"""Settings: `base` for every deployment (driven by the environment), `test` for the test suite."""
