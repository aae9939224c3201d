"""How to reach somebody, in the description of a meeting, where Odoo has put it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

#: What Odoo links contact data by, and where a :class:`Contact` keeps it.
LINKS = {"mailto": "email", "tel": "phone"}


@dataclass
class Contact:
    """A section of a description: a title, then name, e-mail and phone, each on a line
    of its own and each left out where there is none."""

    name: str = ""
    email: str = ""
    phone: str = ""
    nodes: list[Any] = field(default_factory=list)


def contacts_in(description: str) -> list[Contact]:
    """Return the sections that tell how to reach somebody.

    >>> text = '<div><strong>Contact</strong><br>Li<br><a href="tel:1">1</a></div>'
    >>> [(one.name, one.phone) for one in contacts_in(text)]
    [('Li', '1')]
    """
    return _sections(_parsed(description))


def without(description: str, hidden: Callable[[Contact], bool]) -> str:
    """Return the description without the sections that are to be hidden; the very same
    text if there is none.

    >>> text = 'Bring the plan<br><strong>Contact</strong><br><a href="tel:1">1</a>'
    >>> without(text, lambda contact: True)
    'Bring the plan'
    """
    root = _parsed(description)
    found = [one for one in _sections(root) if hidden(one)]
    for contact in found:
        parent = contact.nodes[0].getparent()
        for node in contact.nodes:
            parent.remove(node)
        _drop_empty_lines(parent)
    if not found:
        return description
    return etree.tostring(root, encoding="unicode", method="html")[5:-6]


def _parsed(description: str) -> Any:
    return html.fragment_fromstring(description, create_parent="div")


def _sections(root: Any) -> list[Contact]:
    found = map(_section, root.iter("strong"))
    return [contact for contact in found if contact.email or contact.phone]


def _section(title: Any) -> Contact:
    """Return what follows a title, up to the first line of another kind."""
    contact = Contact(nodes=[title])
    line = None if _text(title) else title.getnext()
    while line is not None and line.tag == "br":
        after = line.getnext()
        if _text(line):
            if len(contact.nodes) > 1:
                break
            contact.name = _text(line)
            contact.nodes.append(line)
        else:
            kind, value = _link(after)
            if not kind:
                break
            setattr(contact, kind, value)
            contact.nodes += [line, after]
            after = after.getnext()
        line = after
    return contact


def _text(node: Any) -> str:
    """Return what stands behind a node."""
    return (node.tail or "").strip()


def _link(node: Any) -> tuple[str, str]:
    """Return which contact data a node links, and the data."""
    if node is None or node.tag != "a" or _text(node):
        return "", ""
    scheme, _colon, value = (node.get("href") or "").partition(":")
    return LINKS.get(scheme, ""), value


def _drop_empty_lines(parent: Any) -> None:
    """Drop the line breaks that lead to nothing any more."""
    while len(parent) and parent[-1].tag == "br" and not _text(parent[-1]):
        parent.remove(parent[-1])
