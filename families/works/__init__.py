"""Family mottos, letters and works of art: calls, submission, review, gallery."""
