"""Views of materials, documents and courses."""
