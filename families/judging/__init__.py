"""Works before judges, and awards."""
