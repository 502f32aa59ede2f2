"""Letters to one's family: sent to the recipient's phone, answered, read by the two."""
