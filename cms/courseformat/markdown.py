"""Markdown into the HTML that the editor keeps: no tags of the writer's own, no pictures, no links that lead astray."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cms.courseformat.problems import Place
from cms.courseformat.source import Line

_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=RendererHTML)
# The editor keeps strong words and titles of works as b and i.
_HOLDERS = frozenset({"list_item_open", "list_item_close", "blockquote_open", "blockquote_close"})
_SAME = {"strong": "b", "em": "i"}
_HTML = re.compile(r"</?[a-zA-Z!][^<>]*>")
_LINK = re.compile(r"https://\w|mailto:\w|tel:\+?\d|/(?!/)|#\w")
_NEVER = {
    "html_block": "HTML has no place here",
    "html_inline": "HTML has no place here",
    "fence": "code has no place here",
    "code_block": "lines that begin with four spaces have no place here",
    "code_inline": "code has no place here",
    "image": "pictures have no place in the text",
    "hr": "a line across the page has no place here",
}
_ONLY_IN_PROSE = {
    "heading_open": "headings have no place in this block",
    "blockquote_open": "quotations have no place here",
}


def to_html(lines: Sequence[Line], place: Place, *, prose: bool) -> str:
    """Return the HTML of some lines, noting what may not be there.

    prose: running text, which may have headings and quotations; other blocks may not.
    """
    if not lines:
        return ""
    tokens = _MARKDOWN.parse("\n".join(line.text for line in lines))
    for token in tokens:
        number = lines[min(token.map[0], len(lines) - 1)].number if token.map else lines[0].number
        _look_at(token, number, place, prose=prose)
    html: str = _MARKDOWN.renderer.render(_as_kept(tokens), _MARKDOWN.options, {})
    return html.replace("\n", "")  # the renderer's own line breaks; the writer's have become spaces


def _look_at(token: Token, number: int, place: Place, *, prose: bool) -> None:
    words = _NEVER.get(token.type) or (None if prose else _ONLY_IN_PROSE.get(token.type))
    if words:
        place.wrong(number, words)
    if token.type == "heading_open" and token.tag not in {"h2", "h3"}:
        place.wrong(number, "begin a heading with ## or ###: the title is the only top heading")
    if token.type == "link_open" and not _LINK.match(str(token.attrGet("href") or "")):
        place.wrong(number, "a link must begin with https://, mailto:, tel: or with / for a page of ours")
    if token.type == "text" and (_HTML.search(token.content) or "](" in token.content):
        place.wrong(number, "HTML, or a link that cannot be used, has no place here")
    for child in token.children or ():
        _look_at(child, number, place, prose=prose)


def _as_kept(tokens: list[Token]) -> list[Token]:
    """Change the tokens to what the editor keeps: b and i, and bare text in list items and quotations."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type in _HOLDERS:
            depth += token.nesting
        if depth and token.type.startswith("paragraph_"):
            token.hidden = True
            if token.nesting == 1 and kept[-1].type == "paragraph_close":
                kept.append(Token("html_block", "", 0, content="<br/><br/>"))
        for child in token.children or ():
            _inline_as_kept(child)
        kept.append(token)
    return kept


def _inline_as_kept(token: Token) -> None:
    token.tag = _SAME.get(token.tag, token.tag)
    if token.type == "softbreak":
        token.type, token.content = "text", " "


def plain(lines: Sequence[Line]) -> str:
    """Return lines as plain text: an empty line begins a paragraph, other line breaks are spaces."""
    paragraphs = "\n".join(line.text.strip() for line in lines).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
