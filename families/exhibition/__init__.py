"""The exhibition: issues (第N期), works sent on to higher exhibitions, taking down everything under one name."""
