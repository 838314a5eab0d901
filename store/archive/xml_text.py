"""XML in and out: UTF-8 only, and nothing that a document type could do."""

from collections.abc import Iterator
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
        if text.startswith("<?xml"):  # with it a text may name an encoding that it is not in
            text = text.partition("?>")[2].strip()
        return ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ValueError("no well-formed XML in UTF-8") from error
    except RecursionError as error:
        raise ValueError("XML nested too deeply") from error


def differences(
    expected: ElementTree.Element, found: ElementTree.Element, path: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield (path, expected, found) of what differs between two documents, layout left aside."""
    where = f"{path}/{_local(expected)}"
    for name, wanted, seen in (
        ("", expected.tag, found.tag),
        (" attributes", str(sorted(expected.items())), str(sorted(found.items()))),
        ("", (expected.text or "").strip(), (found.text or "").strip()),
        (" tail", (expected.tail or "").strip(), (found.tail or "").strip()),
    ):
        if wanted != seen:
            yield f"{where}{name}", wanted, seen
    if [child.tag for child in expected] != [child.tag for child in found]:
        yield where, ", ".join(map(_local, expected)), ", ".join(map(_local, found))
        return
    for one, other in zip(expected, found, strict=True):
        yield from differences(one, other, where)


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
