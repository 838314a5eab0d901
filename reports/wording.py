"""The Chinese words for codes. A rule id without an entry is shown as it is."""

from domain.application import BatchKind
from domain.assessment import Agreement, Decision
from domain.certificates import FieldName
from domain.finding import Severity

DECISIONS: dict[Decision, str] = {
    Decision.ACCEPT: "机器通过",
    Decision.REVIEW: "转人工审核",
    Decision.RETURN: "退回",
    Decision.WITHDRAWN: "已撤销",
}

AGREEMENTS: dict[Agreement, str] = {
    Agreement.EQUAL: "一致",
    Agreement.EQUAL_AFTER_NORMALIZATION: "一致（写法不同）",
    Agreement.SIMILAR: "相近",
    Agreement.DIFFERENT: "不一致",
    Agreement.NOT_FOUND: "未找到",
    Agreement.NOT_PRINTED: "证书不印此项",
    Agreement.NOT_CHECKED: "未核对",
}

SEVERITIES: dict[Severity, str] = {
    Severity.BLOCK: "阻止通过",
    Severity.REVIEW: "需人工",
    Severity.WARN: "警示",
    Severity.ADVICE: "提示",
    Severity.NOTE: "记录",
}

BATCH_KINDS: dict[BatchKind, str] = {
    BatchKind.LANGUAGE: "学位外语认定",
    BatchKind.DEGREE: "学位申请",
}

# What can be wrong with any field that is cross-checked: `<field>-<ending>`.
_FIELD_REASONS: dict[str, str] = {
    "mismatch": "{}不一致",
    "different": "{}不一致",
    "similar": "{}相近但不一致",
    "not-found": "{}未找到",
    "missing": "{}缺失",
    "unclear": "{}看不清",
    "unreadable": "{}看不清",
    "format": "{}格式不对",
    "not-printed": "证书未印{}",
}

REASONS: dict[str, str] = {
    # Uploads, judged without reading them.
    "no-upload": "没有上传文件",
    "empty": "文件为空",
    "too-large": "文件过大",
    "too-many": "文件数量过多",
    "type-mismatch": "文件内容与扩展名不符",
    "type-not-allowed": "文件格式不接受",
    "ext-mismatch": "扩展名与内容不符",
    "encrypted": "文件有打开密码",
    "pixels": "图片像素过大",
    "dimensions": "图片尺寸不可用",
    "pages": "页数过多",
    "not-regular": "不是普通文件",
    "damaged": "文件损坏",
    "damaged-unopenable": "文件损坏，无法打开",
    "file-rejected": "部分文件不可用",
    "orphan-folder": "上传文件夹没有对应的申请",
    "trailing-data": "文件末尾有多余数据",
    "polyglot": "文件同时是另一种格式",
    "multi-frame": "图片含多帧",
    "owner-password": "文件有编辑限制",
    "active-content": "文件含动作或附件",
    "form-content": "文件含可填写的表单",
    "revised": "文件保存后被改动过",
    # The machine.
    "machine-failed": "机器处理失败",
    "timeout": "处理超时",
    "memory": "处理所需内存过大",
    "pdf-structure": "PDF 结构异常",
    "readers-disagree": "两次识别结果不同",
    "layer-disagrees": "文字层与图像不一致",
    "hidden-text": "含隐藏文字",
    # The paper.
    "blank": "页面空白",
    "mirrored": "图片左右颠倒",
    "quality": "图片不清晰",
    "unreadable": "无法识别",
    "not-a-certificate": "不是证书",
    "not-certificate": "不是证书",
    "wrong-document": "上传了其他材料",
    "unknown-certificate": "未能识别证书种类",
    "not-in-four": "不在四类证书范围内",
    "query-page": "成绩查询页面，不是证书",
    "recapture": "疑似翻拍屏幕",
    "below-pass-line": "成绩未达合格线",
    "parts-total": "各项成绩与总分不符",
    "machine-accept-off": "此类证书须人工审核",
    "several-certificates": "上传了多份证书",
    "evidence-conflict": "多份证书互相矛盾",
    # The applicant and the batch.
    "late": "申请时间晚于截止时间",
    "input-changed": "申请信息或文件有变化",
    "duplicate-file": "与其他申请的文件相同",
    "duplicate-near": "与其他申请的文件高度相似",
    "duplicate-number": "成绩单编号与他人重复",
    "dup-exact": "与其他申请的文件相同",
    "dup-near": "与其他申请的文件高度相似",
    "dup-number": "成绩单编号与他人重复",
    "homoglyph": "申报含形近字符",
    "date-format": "证书获取日期写法不对",
    "language-missing": "没有学位外语成绩",
    "language-undecided": "学位外语成绩尚未认定",
    "degree-not-built": "学位申请须人工审核",
    "name-pattern": "论文命名不符合要求",
}


def reason_wording(rule_id: str) -> str:
    """Return the short Chinese wording of a rule id, the id itself where none is known."""
    if rule_id in REASONS:
        return REASONS[rule_id]
    for field in FieldName:
        stem = field.value.replace("_", "-") + "-"
        ending = rule_id.removeprefix(stem)
        if ending != rule_id and ending in _FIELD_REASONS:
            return _FIELD_REASONS[ending].format(field.chinese_name)
    return rule_id


def field_wording(field: str) -> str:
    """Return the Chinese word of a field of fields.csv; a column's name stands for itself."""
    try:
        return FieldName(field).chinese_name
    except ValueError:
        return field
