"""The effective policy in words: what each key is called, and how values read in Chinese."""

from collections.abc import Callable, Iterator
from typing import Any

from domain.certificates import CertificateType
from domain.policy import Policy
from domain.publication import PublicColumn
from reports.wording import reason_wording

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
    "reading.signs": "读取时查找的疑似改动迹象（由“疑似改动”各项决定）",
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
    "review.blind_share": "盲录比例（不显示申报值）",
    "review.two_person_share": "双人审核比例",
    "review.two_person_reasons": "须双人审核的原因",
    "review.two_person_families": "须双人审核的证书大类",
    "review.two_person_corrections": "更正申报是否须双人审核",
    "review.sample_share": "机器通过的抽查比例",
    "review.sample_share_after_error": "发现差错后的抽查比例",
    "review.appeal_days": "申请复核及答复期限（日）",
    "degree.average_line": "平均成绩标准",
    "degree.core_line": "学位主干课最低成绩标准",
    "degree.average_courses": "计入平均成绩的课程",
    "degree.weighting": "平均成绩算法",
    "degree.resit": "补考成绩算法",
    "degree.resit_points": "补考按定值计时的分数",
    "degree.exemption": "免修课程算法",
    "degree.exempt_most": "免修课程计入上限",
    "degree.repeated_course": "重复课程取哪次成绩",
    "degree.student_number_pattern": "学号格式",
    "degree.candidate_number_pattern": "考生号格式",
    "degree.answer_days": "受理决定期限（截止后日数）",
    "grade_points.excellent": "“优秀”折算分",
    "grade_points.good": "“良好”折算分",
    "grade_points.medium": "“中等”折算分",
    "grade_points.sufficient": "“及格”折算分",
    "grade_points.insufficient": "“不及格”折算分",
    "grade_points.passed": "“合格”折算分",
    "grade_points.failed": "“不合格”折算分",
    "grade_points.set_by_school": "折算分是否由学校确认",
    "forms.layout": "学位申请表版式",
    "forms.school": "申请表上的学校名称",
    "degree_data.layout": "学位授予数据版式",
    "degree_data.province_code": "省市代码",
    "degree_data.unit_code": "学位授予单位码",
    "degree_data.unit_name": "学位授予单位",
    "degree_data.training_unit_code": "培养单位码",
    "degree_data.training_unit_name": "培养单位",
    "degree_data.president": "校长姓名",
    "degree_data.chair": "学位评定委员会主席姓名",
    "publication.columns": "公示名单的列",
    "photo.least_width_px": "证件照最小宽度（像素，0 不限）",
    "photo.most_width_px": "证件照最大宽度（像素，0 不限）",
    "photo.least_height_px": "证件照最小高度（像素，0 不限）",
    "photo.most_height_px": "证件照最大高度（像素，0 不限）",
    "photo.least_bytes": "证件照最小字节数（0 不限）",
    "photo.most_bytes": "证件照最大字节数（0 不限）",
    "photo.least_dpi": "证件照最低分辨率（0 不限）",
    "photo.coloured": "证件照须为彩色",
    "photo.name": "证件照文件名",
    "archive.number_pattern": "档号格式",
    "archive.fonds": "全宗号",
    "archive.first_item": "起始件号",
    "archive.creator": "责任者",
    "archive.retention_term": "保管期限",
    "archive.access": "公开属性",
    "retention.passed_years": "通过者工作副本保留年数（0 一直保留）",
    "retention.refused_years": "不通过者工作副本保留年数（0 一直保留）",
    "retention.returned_years": "退回者工作副本保留年数（0 一直保留）",
    "retention.withdrawn_years": "撤销者工作副本保留年数（0 一直保留）",
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
_WAYS = {
    "undecided": "学校未定（各种算法结论须一致）",
    "all": "全部课程（毕业课程除外）",
    "exam": "考试课程",
    "plain": "算术平均",
    "credit": "按学分加权",
    "actual": "按实际成绩",
    "fixed": "按定值",
    "skip": "不计入",
    "cap": "按上限计入",
    "best": "最好成绩",
    "last": "最后一次",
}
_NOTHING = "未填"
_KINDS = {kind.value: kind.chinese_name for kind in CertificateType}
_COLUMNS = {column.value: column.chinese_name for column in PublicColumn}
_NAMED: dict[str, Callable[[str], str | None]] = {
    "reading.signs": lambda sign: KEYS[f"tampering.{sign}"],
    "acceptance.recognised": _KINDS.get,
    "review.two_person_reasons": reason_wording,
    "publication.columns": _COLUMNS.get,
}


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
        named = _NAMED.get(name, str)
        return "、".join(named(item) or item for item in map(str, value)) or _NOTHING
    if name.startswith("tampering."):
        return _HINT_USES.get(str(value), str(value))
    if name.startswith("degree."):
        return _WAYS.get(str(value), str(value))
    return _WINDOWS.get(value, value) if name == "validity.window" else str(value) or _NOTHING


def lines_standing(policy: Policy) -> str:
    """Return whether the pass lines are the school's own or the shipped examples."""
    return SETTLED_LINES if policy.pass_lines.set_by_school else EXAMPLE_LINES
