"""Views of the exhibition: public, issues of staff, outward selections, sweeps."""
