"""Look into an .xlsx before any spreadsheet library does: size, links, macros, DTDs.

An .xlsx is a ZIP of XML. Every part is measured by the sizes that the archive declares (a part that
unpacks to more is cut off by `zipfile` and fails its checksum) and then parsed by expat with a
handler that refuses document types, so entities never exist.
"""

import io
import zipfile
from xml.parsers import expat

from domain.faults import InputFault
from extractors.intake.grid import whole_file

MAX_UNPACKED_BYTES = 50 * 1024 * 1024
_MAX_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN_PARTS = ("xl/externallinks/", "xl/connections", "xl/querytables/", "xl/embeddings/")


class UnsafeXml(Exception):
    """The part declares a document type."""


def inspect_workbook(file: str, data: bytes) -> list[InputFault]:
    """Return every reason for which a workbook must not be opened; none for a safe one."""
    if data.startswith(_OLE):
        return [
            whole_file(
                file,
                "broken-workbook",
                "这是加密的工作簿或旧版 .xls 文件。请去掉密码并另存为 .xlsx。",
                "is encrypted or an old .xls; remove the password and save it as .xlsx.",
            )
        ]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect_archive(file, archive)
    except Exception:  # zipfile, zlib, bz2 and lzma raise a dozen types for damaged archives
        return [broken_workbook(file)]


def broken_workbook(file: str) -> InputFault:
    """Return the fault of a workbook that cannot be opened."""
    return whole_file(
        file,
        "broken-workbook",
        "无法作为 .xlsx 工作簿打开，文件可能已损坏。请从平台重新导出，或用 Excel 另存为 .xlsx。",
        "cannot be opened as an .xlsx workbook; export it again or save it as .xlsx.",
    )


def _inspect_archive(file: str, archive: zipfile.ZipFile) -> list[InputFault]:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > _MAX_PARTS:
        return [
            whole_file(
                file,
                "zip-bomb",
                f"解压后超过 {MAX_UNPACKED_BYTES // 1024 // 1024} MB，不予打开。"
                "请新建工作簿，只粘贴表格内容后另存为 .xlsx。",
                f"unpacks to more than {MAX_UNPACKED_BYTES // 1024 // 1024} MB and was not opened;"
                " paste the table alone into a new workbook.",
            )
        ]
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        return [broken_workbook(file)]
    faults = []
    if any(name.startswith(_FOREIGN_PARTS) for name in names):
        faults.append(_external_link(file))
    if any(name.endswith("vbaproject.bin") for name in names):
        faults.append(
            whole_file(
                file,
                "macro",
                "工作簿含有宏，不予打开。请另存为不含宏的 .xlsx。",
                "holds macros and was not opened; save it as .xlsx without macros.",
            )
        )
    inspected = (_inspect_part(file, part.filename.lower(), archive.read(part)) for part in parts)
    faults += [fault for fault in inspected if fault]
    return list(dict.fromkeys(faults))


def _inspect_part(file: str, name: str, content: bytes) -> InputFault | None:
    is_xml = name.endswith((".xml", ".rels"))
    # A part can hide XML under any name; drawings of old Excel (.vml) need not be well-formed.
    if not is_xml and not content.lstrip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe").startswith(b"<"):
        return None
    external: list[str] = []

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rsplit("/", 1)[-1]
        is_link = tag.rsplit(":", 1)[-1] == "Relationship"
        # Excel turns e-mail addresses into hyperlinks; nothing here ever follows them.
        if is_link and attributes.get("TargetMode") == "External" and kind != "hyperlink":
            external.append(kind)

    parser = strict_parser()
    if name.endswith(".rels"):
        parser.StartElementHandler = on_start
    try:
        parser.Parse(content, True)
    except UnsafeXml:
        return whole_file(
            file,
            "document-type",
            "工作簿内含有 DTD 或实体声明，不予打开。请新建工作簿，只粘贴表格内容。",
            "declares a document type or entities and was not opened; paste the table alone into"
            " a new workbook.",
        )
    except expat.ExpatError:
        return None if name.endswith(".vml") else broken_workbook(file)
    return _external_link(file) if external else None


def strict_parser() -> expat.XMLParserType:
    """Return an expat parser that raises `UnsafeXml` at a document type."""

    def refuse(*_: object) -> None:
        raise UnsafeXml

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _external_link(file: str) -> InputFault:
    return whole_file(
        file,
        "external-link",
        "工作簿引用了外部文件或数据源，不予打开。请新建工作簿，只粘贴表格的值。",
        "refers to other files or data sources and was not opened; paste the values alone into a"
        " new workbook.",
    )
