"""Days off and make-up days; counting working days."""
