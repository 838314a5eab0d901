"""The metadata of one record, shaped like an EEP of DA/T 48-2009 (基于XML的电子文件封装规范).

Element names and namespace are the standard's as far as they are known here; no schema was at hand,
so nothing is validated against it. Signatures are left out: the bag's manifests hold the digests.
"""

from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from domain.archive import FileRole, RecordDescription, RecordFile
from store.archive.layout import BatchFacts, Review, printable
from store.archive.xml_text import parse_xml, write_xml

NAMESPACE = "http://www.saac.gov.cn/standards/ERM/encapsulation"
_NOTE = "本EEP参照中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》的结构生成"
_CLASSES = {"item": "件号", "number": "档号", "title": "题名", "creator": "责任者", "date": "日期",
            "term": "保管期限", "access": "公开属性", "pages": "页数",
            "student_number": "学号", "status": "审核状态", "folder": "存储位置"}  # fmt: skip
_ELSEWHERE = ("term", "access", "folder", "pages")  # not part of 内容描述
_FILE_NAMES = {"path": "计算机文件名", "role": "文件类别", "size_bytes": "计算机文件大小",
               "format": "格式信息", "digest": "摘要值", "original_name": "原文件名",
               "pages": "页数"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a metadata.xml says of its record: texts as they stand there."""

    described: tuple[tuple[str, str], ...]
    files: tuple[tuple[tuple[str, str], ...], ...]
    acts: tuple[tuple[str, ...], ...]


def describe_envelope(described: RecordDescription, files: tuple[RecordFile, ...],
                      acts: tuple[tuple[str, ...], ...]) -> Envelope:  # fmt: skip
    """Return what the metadata of a record has to say."""
    return Envelope(
        described=tuple(
            (chinese, str(getattr(described, name))) for name, chinese in _CLASSES.items()
        ),
        files=tuple(
            tuple((chinese, _text(file, name)) for name, chinese in _FILE_NAMES.items())
            for file in files
        ),
        acts=acts,
    )


def _text(file: RecordFile, name: str) -> str:
    value = getattr(file, name)
    if isinstance(value, FileRole):
        return value.chinese_name
    return "" if value is None else printable(str(value))


def acts_of(facts: BatchFacts, review: Review) -> tuple[tuple[str, ...], ...]:
    """Return who did what and when with a record: (time, who, what, log entry), oldest first."""
    told = [
        (event.instant, event.actor, event.kind, str(event.sequence)) for event in review.events
    ]
    sealed = facts.sealed_at.isoformat(timespec="seconds")
    return (*told, (sealed, facts.sealed_by, "batch-sealed", ""))


_ACT_NAMES = ("行为时间", "机构人员名称", "业务行为", "日志序号")


def write_envelope(facts: BatchFacts, envelope: Envelope) -> bytes:
    """Return the metadata.xml of a record."""
    root = Element("电子文件封装包", {"xmlns": NAMESPACE})
    _add(root, "封装包格式描述", _NOTE)
    _add(root, "版本", "2009")
    signed = _add(root, "被签名对象", eep版本="2009")
    _add(signed, "封装包类型", "原始型")
    _add(signed, "封装包类型描述", "原始型：归档时一次封装")
    _add(signed, "封装包创建时间", facts.sealed_at.isoformat(timespec="seconds"))
    described = dict(envelope.described)
    _add(signed, "封装包创建单位", described["责任者"])
    content = _add(signed, "封装内容")
    entity = _add(_add(content, "文件实体块"), "文件实体")
    _add(entity, "聚合层次", "件")
    about = _add(entity, "内容描述")
    elsewhere = {_CLASSES[name] for name in _ELSEWHERE}
    for name, text in envelope.described:
        if name not in elsewhere:
            _add(about, name, text)
    _add(_add(entity, "形式特征"), "页数", described["页数"])
    rights = _add(entity, "权限管理")
    _add(rights, "保管期限", described["保管期限"])
    _add(rights, "公开属性", described["公开属性"])
    _add(entity, "存储位置", described["存储位置"])
    documents = _add(entity, "文档")
    for file in envelope.files:
        attributes = _add(documents, "电子属性")
        for name, text in file:
            _add(attributes, name, text)
    acts = _add(content, "业务实体块")
    for act in envelope.acts:
        one = _add(acts, "业务实体")
        for name, text in zip(_ACT_NAMES, act, strict=True):
            _add(one, name, text)
    people = _add(content, "机构人员实体块")
    for name in dict.fromkeys(act[1] for act in envelope.acts):
        _add(_add(people, "机构人员实体"), "机构人员名称", name)
    return write_xml(root)


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def read_envelope(content: bytes) -> Envelope:
    """Return what a metadata.xml says; raises ValueError where it is none."""
    root = parse_xml(content)
    space = f"{{{NAMESPACE}}}"
    if root.tag != f"{space}电子文件封装包":
        raise ValueError("no 电子文件封装包")
    entity = root.find(f"{space}被签名对象/{space}封装内容/{space}文件实体块/{space}文件实体")
    acts = root.find(f"{space}被签名对象/{space}封装内容/{space}业务实体块")
    if entity is None or acts is None:
        raise ValueError("no 文件实体 or no 业务实体块")
    places = {
        _CLASSES["pages"]: "形式特征/", _CLASSES["term"]: "权限管理/",
        _CLASSES["access"]: "权限管理/", _CLASSES["folder"]: "",
    }  # fmt: skip
    described = []
    for name in _CLASSES.values():
        path = f"{places.get(name, '内容描述/')}{name}"
        found = entity.findall("/".join(f"{space}{part}" for part in path.split("/")))
        described.append((name, (found[0].text or "") if len(found) == 1 else ""))
    return Envelope(
        described=tuple(described),
        files=tuple(
            tuple((name, file.findtext(f"{space}{name}") or "") for name in _FILE_NAMES.values())
            for file in entity.iterfind(f"{space}文档/{space}电子属性")
        ),
        acts=tuple(
            tuple(act.findtext(f"{space}{name}") or "" for name in _ACT_NAMES)
            for act in acts.iterfind(f"{space}业务实体")
        ),
    )
