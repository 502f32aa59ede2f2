"""Campaigns: pages for everybody, and planning for staff."""
