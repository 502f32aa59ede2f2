"""The small markup of stories: paragraphs, headings, lists, quotes, emphasis, links. Pictures and HTML are not taken."""

from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "a", "hr"}
SHIFT = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "code", "fence", "html_block"]
)


def render(text: str) -> SafeString:
    """Clean HTML of what somebody wrote; a single line break stays one, as people expect."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.tag in SHIFT:
            token.tag = SHIFT[token.tag]
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "tel", "mailto"},
        link_rel="noopener noreferrer",
    )  # fmt: skip
    return mark_safe(clean)


def plain(text: str) -> str:
    """The words of it without the marks, as readers see them; where a link leads stands behind its words."""
    leads_to = ""
    tokens = _parser.parse(text)
    for inline in tokens:
        for token in inline.children or ():
            if token.type == "link_open":
                leads_to = str(token.attrGet("href") or "")
            elif token.type == "link_close":
                token.type, token.content, token.nesting = "text", f"（{leads_to}）", 0
    html = _parser.renderer.render(tokens, _parser.options, {})
    return unescape(nh3.clean(html, tags=set())).strip()


def is_web_address(text: str) -> bool:
    """An address a film or source may have."""
    return text.startswith(("https://", "http://"))
