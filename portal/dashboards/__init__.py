"""Workbench and leader dashboard. Pages read roll-ups, never the rows themselves."""
