"""Views of series: pages for everybody, planning, single episodes."""
