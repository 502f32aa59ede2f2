"""Uploads: staged while a form is filled in, checked, re-encoded in a bounded child process, served privately."""
