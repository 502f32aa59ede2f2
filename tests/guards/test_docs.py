"""Generated pages are fresh."""

from portal.management.commands.render_docs import FOLDER, rendered


def test_generated_pages_are_fresh():
    stale = [name for name, text in rendered().items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], "run manage.py render_docs"
