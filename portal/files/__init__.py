"""Uploads: staged while a form is filled in, re-encoded in a bounded child process, served privately."""
