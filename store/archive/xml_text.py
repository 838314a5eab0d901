"""XML in and out: UTF-8 only, and nothing that a document type could do."""

from xml.etree import ElementTree


def write_xml(root: ElementTree.Element) -> bytes:
    """Return an element as an indented document."""
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def parse_xml(content: bytes) -> ElementTree.Element:
    """Return a document's root; raises ValueError where it is none of ours.

    A document type is refused unread: with it come entities that grow without bound.
    """
    try:
        text = content.decode("utf-8")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("a document type")
        return ElementTree.fromstring(text.partition("?>")[2].strip() or text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ValueError("no well-formed XML in UTF-8") from error
    except RecursionError as error:
        raise ValueError("XML nested too deeply") from error
