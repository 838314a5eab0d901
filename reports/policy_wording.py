"""The effective policy in words: what each key is called, and how values read in Chinese."""

from collections.abc import Iterator
from typing import Any

from domain.certificates import CertificateType
from domain.policy import Policy

EXAMPLE_LINES = "示例值，尚未由学校确认"
SETTLED_LINES = "学校已确认"

KEYS: dict[str, str] = {
    "institution": "政策文件",
    "intake.max_file_bytes": "单个文件大小上限（字节）",
    "intake.max_files": "每人文件数上限",
    "intake.max_pages": "PDF页数上限",
    "intake.max_side_px": "图片边长上限（像素）",
    "intake.max_pixels": "图片像素总数上限",
    "intake.allowed_kinds": "接受的文件格式",
    "reading.render_dpi": "PDF渲染分辨率（dpi）",
    "reading.cpu_seconds": "单个文件解码时间上限（秒）",
    "reading.memory_bytes": "单个文件解码内存上限（字节）",
    "reading.timeout_seconds": "单个文件总时间上限（秒）",
    "reading.second_reader": "是否由第二引擎复读",
    "acceptance.recognised": "学校认定的证书",
    "acceptance.machine_accept": "机器可通过的证书大类",
    "acceptance.accept_query_pages": "成绩查询页面是否可作为证书",
    "acceptance.zikao_ticket_counts_as_number": "自考无编号时准考证号是否可作编号",
    "acceptance.calibration": "置信度校准文件",
    "acceptance.misread_target": "误读率目标（编号、成绩、日期、等级）",
    "acceptance.name_misread_target": "误读率目标（姓名、课程）",
    "acceptance.accept_other_engine": "其他引擎的校准是否可用",
    "validity.window": "证书有效期方式",
    "validity.years": "有效期年数",
    "validity.registration_month": "入学月份",
    "validity.study_months": "规定学习年限（月）",
    "pass_lines.set_by_school": "合格线是否由学校确认",
    "pass_lines.cet": "合格线：大学英语四、六级",
    "pass_lines.tem": "合格线：英语专业四、八级",
    "pass_lines.trm": "合格线：俄语专业四、八级",
    "pass_lines.zikao": "合格线：自考英语（二）",
    "tampering.typeface": "疑似改动：字形不同",
    "tampering.alignment": "疑似改动：数字高低不齐",
    "tampering.sharpness": "疑似改动：清晰程度不同",
    "tampering.compression": "疑似改动：局部压缩痕迹不同",
    "tampering.recapture": "疑似翻拍屏幕",
    "tampering.software": "文件含编辑软件信息",
    "calibration.name": "校准名称",
    "calibration.digest": "校准摘要",
}
_WINDOWS = {
    "off": "不检查",
    "in-registration": "在籍期间",
    "registration-to-application": "入学至申请",
    "years-back": "申请前若干年内",
    "years-after-graduation": "入学至毕业后若干年",
}
_HINT_USES = {"off": "不提示", "advice": "提示", "review": "转人工"}
_KINDS = {kind.value: kind.chinese_name for kind in CertificateType}


def policy_rows(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of every effective value; a key without a name stands for itself."""
    for section, values in policy.as_dict().items():
        entries = values if isinstance(values, dict) else {"": values}
        for key, value in entries.items():
            name = f"{section}.{key}" if key else section
            shown = f"{KEYS[name]}（{name}）" if name in KEYS else name
            yield shown, _value(name, value)


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        named = _KINDS if name == "acceptance.recognised" else {}
        return "、".join(named.get(str(item), str(item)) for item in value)
    if name.startswith("tampering."):
        return _HINT_USES.get(str(value), str(value))
    return _WINDOWS.get(value, value) if name == "validity.window" else str(value)


def lines_standing(policy: Policy) -> str:
    """Return whether the pass lines are the school's own or the shipped examples."""
    return SETTLED_LINES if policy.pass_lines.set_by_school else EXAMPLE_LINES
