"""What is checked of a package, by the items of DA/T 70-2018 at the stage 归档.

Codes and titles are second-hand: they were taken from programs that quote the standard, whose text
was not at hand.
"""

from dataclasses import dataclass

from domain.archive import CheckedItem, ItemResult, PackageFault, Property


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item; `note` says what hedui looks at for it."""

    code: str
    property: Property
    title: str
    note: str


def _items(kind: Property, *rows: tuple[str, str, str]) -> tuple[Item, ...]:
    return tuple(Item(code=code, property=kind, title=title, note=note)
                 for code, title, note in rows)  # fmt: skip


ITEMS = (
    *_items(
        Property.AUTHENTICITY,
        ("GD-1-1", "固化信息有效性", "清单中每个文件的 SHA-256 与 SHA-512 重新计算并比对"),
        ("GD-1-2", "元数据项数据长度", "目录与元数据各项不超长"),
        ("GD-1-3", "元数据项数据类型、格式", "件号、页数为整数，日期为八位数字"),
        ("GD-1-4", "元数据项值域符合度", "审核状态为规定的取值"),
        ("GD-1-5", "元数据值合理性", "签发时间、签发人、日期与日志一致"),
        ("GD-1-6", "元数据项包含特殊字符", "元数据不含控制字符"),
        ("GD-1-7", "档号规范性", "档号按设定的格式由件号重新生成并比对"),
        ("GD-1-8", "元数据项数据重复性", "件号、档号、学号、目录不重复"),
        ("GD-1-10", "内容数据电子属性一致性", "文件名、大小、格式与元数据一致"),
        ("GD-1-11", "元数据与内容关联一致性",
         "目录、元数据、核对结果、审核记录与结果表互相比对，并由核对结果重新生成"),
        ("GD-1-14", "归档信息包一致性",
         "日志链逐条重新计算；原件、申报、核对结果、审核决定与日志中的摘要比对"),
    ),
    *_items(
        Property.INTEGRITY,
        ("GD-2-1", "总件数相符性", "件数与包内说明、目录一致"),
        ("GD-2-2", "总字节数相符性", "Payload-Oxum 的文件数与字节数"),
        ("GD-2-3", "元数据项完整性", "包说明 (bag-info.txt) 与目录各项齐全"),
        ("GD-2-4", "元数据必填著录项目", "件号、档号、题名、责任者、日期、保管期限、学号等不为空"),
        ("GD-2-5", "过程信息完整性", "日志完整，链首在包说明、批次说明与报告中一致"),
        ("GD-2-6", "连续性元数据项", "件号自设定起始号连续，无缺号"),
        ("GD-2-7", "内容数据完整性", "清单所列文件齐全"),
        ("GD-2-9", "归档范围", "每件含原件、核对结果、识别结果、审核记录；批次含报告、日志"),
        ("GD-2-10", "归档信息包元数据完整性", "BagIt 结构、清单与标签清单齐全，内容一致"),
        ("GD-2-11", "归档信息包内容数据完整性", "元数据所列文件与件内文件一一对应"),
    ),
    *_items(
        Property.USABILITY,
        ("GD-3-1", "信息包中元数据可读性", "XML、JSON、CSV 均能解析"),
        ("GD-3-2", "内容数据可访问性", "每个文件均能打开并读完"),
        ("GD-3-3", "内容数据格式合规性", "按文件头判断格式；PDF/A 标记"),
        ("GD-3-3-1", "软硬件环境", "包内记录生成所用的软件及版本"),
        ("GD-3-8", "非公开压缩、加密", "PDF 未加密；压缩包未加密"),
    ),
    *_items(
        Property.SECURITY,
        ("GD-4-1", "杀毒软件", "ClamAV 是否安装"),
        ("GD-4-2", "病毒检测", "ClamAV 扫描整个信息包"),
        ("GD-4-2-1", "载体安全：多余文件", "没有清单之外的文件、链接或同名异码文件"),
        ("GD-4-7", "归档过程安全可控", "由负责人签发，日志中有签发记录"),
    ),
)  # fmt: skip
NEEDS_SCANNER = ("GD-4-1", "GD-4-2")
NEEDS_LOG = ("GD-2-5",)


def checked_items(
    faults: tuple[PackageFault, ...], not_run: dict[str, str]
) -> tuple[CheckedItem, ...]:
    """Return every item with its result; `not_run` says by code why one was not looked at."""
    failed = {fault.code for fault in faults}
    made = []
    for item in ITEMS:
        result, note = ItemResult.PASSED, item.note
        if item.code in failed:
            result = ItemResult.FAILED
        elif item.code in not_run:
            result, note = ItemResult.NOT_RUN, not_run[item.code]
        made.append(
            CheckedItem(
                code=item.code, property=item.property, title=item.title, result=result, note=note
            )
        )
    return tuple(made)
