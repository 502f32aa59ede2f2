"""Tables of the slice: days off and make-up days; counting working days."""
