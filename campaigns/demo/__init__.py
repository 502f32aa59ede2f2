"""The campaigns part of the demo, made of the facts of the source documents."""
