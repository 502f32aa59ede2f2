"""Tables of the slice: key dates: who acts, how many days before, and what is prepared for them."""
