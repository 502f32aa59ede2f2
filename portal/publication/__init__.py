"""The publish gate: what the public sees has been read by two different people (design §2.6)."""
