"""From the HTML that the editor keeps back to Markdown: what ``markdown`` reads gives the same again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from wagtail.models import Page

BLOCKS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote"})
_SPECIAL = re.compile(r"([\\`*_\[\]<&#])")
_AT_START = re.compile(r"(?m)^([-+>=:~])|^(\d{1,9})([.)])")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}


@dataclass
class _Node:
    tag: str
    href: str = ""
    inside: "list[_Node | str]" = field(default_factory=list)


class _Tree(HTMLParser):
    """A tree of the few tags that the editor keeps; others count as what is in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = _Node("")
        self.open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go in; a line break has no inside."""
        node = _Node(tag, _address(dict(attrs)) if tag == "a" else "")
        self.open[-1].inside.append(node)
        if tag not in {"br", "hr"}:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """Come out, of whatever was not closed inside too."""
        if tag in {node.tag for node in self.open[1:]}:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words."""
        self.open[-1].inside.append(data)


def _address(attrs: dict[str, str | None]) -> str:
    """Where a link leads; one to a page of ours as its path, which another site may have too."""
    if attrs.get("linktype") == "page":
        page = Page.objects.filter(pk=attrs.get("id") or 0).first()
        return str(page.get_url() or "") if page else ""
    return attrs.get("href") or ""


def to_markdown(html: str) -> str:
    """Return the Markdown of a rich text: each paragraph in one line, nothing at its end."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return "\n\n".join(_blocks(tree.top.inside))


def _blocks(nodes: "list[_Node | str]") -> Iterator[str]:
    """Each block; words that stand in none are a paragraph. Two lists in a row differ in their signs."""
    loose: list[_Node | str] = []
    before = ""
    for node in nodes:
        if not isinstance(node, _Node) or node.tag not in BLOCKS:
            loose.append(node)
            continue
        yield from _paragraphs(loose)
        loose = []
        other = before == node.tag
        before = "" if other else node.tag
        yield from _block(node, other=other)
    yield from _paragraphs(loose)


def _block(node: _Node, *, other: bool) -> Iterator[str]:
    if node.tag in {"ul", "ol"}:
        yield "\n".join(_items(node, other=other))
    elif node.tag == "blockquote":
        yield "\n>\n".join(_quoted(text) for text in _blocks(node.inside))
    elif node.tag.startswith("h"):
        words = " ".join(_inline(node.inside).replace("\\\n", " ").split())
        yield from [f"{'#' * int(node.tag[1])} {words}"] if words else []
    else:
        yield from _blocks(node.inside) if _has_blocks(node) else _paragraph(node.inside)


def _has_blocks(node: _Node) -> bool:
    return any(isinstance(one, _Node) and one.tag in BLOCKS for one in node.inside)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _items(node: _Node, *, other: bool) -> Iterator[str]:
    items = [one for one in node.inside if isinstance(one, _Node) and one.tag == "li"]
    for number, item in enumerate(items, start=1):
        sign = f"{number}{')' if other else '.'}" if node.tag == "ol" else "*" if other else "-"
        text = _join(list(_blocks(item.inside)))
        indent = " " * (len(sign) + 1)
        yield f"{sign} {text}".replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n").rstrip()


def _join(parts: list[str]) -> str:
    """A list inside an item stands right below its words; a second paragraph leaves a line."""
    text = ""
    for part in parts:
        tight = re.match(r"[-*] |\d+[.)] ", part)
        text += ("\n" if tight else "\n\n") + part if text else part
    return text


def _paragraphs(nodes: "list[_Node | str]") -> Iterator[str]:
    """Paragraphs of words that stand in no block: two line breaks part them, as the editor keeps them in a list."""
    part: list[_Node | str] = []
    for at, node in enumerate(nodes):
        doubled = _is_break(node) and at + 1 < len(nodes) and _is_break(nodes[at + 1])
        if doubled or (_is_break(node) and not part):
            yield from _paragraph(part)
            part = []
        else:
            part.append(node)
    yield from _paragraph(part)


def _is_break(node: "_Node | str") -> bool:
    return isinstance(node, _Node) and node.tag == "br"


def _paragraph(nodes: "list[_Node | str]") -> Iterator[str]:
    text = re.sub(r"(\\\n)+$", "", _inline(nodes).strip())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    if text := "\n".join(lines).strip():
        yield _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _inline(nodes: "list[_Node | str]") -> str:
    text = ""
    for at, node in enumerate(nodes):
        if isinstance(node, str):
            text += _SPECIAL.sub(r"\\\1", node.replace("\n", " "))
        elif node.tag == "br":
            text = f"{text.rstrip(' ')}\\\n"
        elif node.tag == "a" and node.href:
            text += _link(node)
        else:
            after = nodes[at + 1] if at + 1 < len(nodes) else ""
            joined = text[-1:].isalnum(), isinstance(after, str) and after[:1].isalnum()
            text += _marked(_inline(node.inside), _MARKS.get(node.tag, ""), joined)
    return text


def _marked(text: str, mark: str, joined: tuple[bool, bool]) -> str:
    """Put words between marks. Spaces at their edges stay outside, and so do signs that a word is joined to: between
    a word and a sign Markdown sees no mark. joined: whether a word stands right before and right after.
    """
    outer = [r"[\W_]*" if is_joined else r"\s*" for is_joined in joined]
    found = re.fullmatch(f"({outer[0]})(.*?)({outer[1]})", text, re.DOTALL)
    before, words, after = found.groups() if found else ("", text, "")
    return f"{before}{mark}{words}{mark}{after}" if words and mark else text


def _link(node: _Node) -> str:
    words = _inline(node.inside)
    plain = not re.search(r"[\s()<>]", node.href)
    address = node.href if plain else "<" + node.href.replace("<", "%3C").replace(">", "%3E") + ">"
    return f"[{words}]({address})" if words.strip() else ""
