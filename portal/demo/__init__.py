"""The demo: places, people and content made of the facts of the source documents, marked as demo."""
