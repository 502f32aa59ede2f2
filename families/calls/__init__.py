"""What surrounds a call for works: its form, late entries by code, the notice to units, poster and share picture."""
