"""Blind judging of anything: panels, rounds, criteria, assignments, scores, recusal."""
