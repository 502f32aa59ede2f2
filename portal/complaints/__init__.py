"""Opinions, complaints and reports from the public, with tracked answers (意见投诉)."""
