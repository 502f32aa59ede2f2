"""Figures of the portal on one machine, as ratios to a floor. `bin/bench` runs them."""
