"""The Chinese words for codes. A rule id without an entry is shown as it is."""

from domain.application import BatchKind
from domain.assessment import Agreement, Decision
from domain.certificates import FieldName
from domain.finding import Severity
from reports.degree_wording import DEGREE_REASONS

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
    "differs": "{}不一致",
    "format": "{}写法无法识别",
    "not-found": "{}未找到",
    "not-printed": "证书未印{}",
    "unclear": "{}看不清",
    "unread": "{}未识别",
}

REASONS: dict[str, str] = {
    # Uploads, judged without reading them.
    "no-upload": "没有上传文件",
    "empty": "文件为空",
    "too-large": "文件过大",
    "too-many": "文件数量过多",
    "type-mismatch": "文件内容与扩展名不符",
    "type-not-allowed": "文件格式不接受",
    "encrypted": "文件有打开密码",
    "pixels": "图片像素过大",
    "dimensions": "图片尺寸不可用",
    "pages": "页数过多",
    "not-regular": "不是普通文件",
    "damaged-unopenable": "文件损坏，无法打开",
    "file-rejected": "部分文件不可用",
    "unknown-rejection": "文件因未登记的原因被拒",
    "same-file-twice": "同一文件重复上传",
    "orphan-folder": "上传文件夹没有对应的申请",
    # Noticed while a file was opened and read.
    "polyglot": "文件同时是另一种格式",
    "multi-frame": "图片含多帧",
    "mirrored": "图片左右颠倒",
    "hidden-text": "含隐藏文字",
    "form-content": "文件含可填写的表单",
    "layer-disagrees": "文字层与图像不一致",
    "damaged": "文件损坏",
    "pdf-structure": "PDF结构损坏",
    "blank": "页面空白",
    "unreadable": "无法识别",
    "owner-password": "文件有编辑限制",
    "active-content": "文件含动作或附件",
    "revised": "文件保存后被改动过",
    "extension-mismatch": "扩展名与实际格式不一致",
    "trailing-data": "文件末尾有多余数据",
    "machine-failed": "机器处理失败",
    "reading-fault": "读取文件出现问题",
    "unknown-note": "文件带有未登记的提示",
    "readers-disagree": "两次识别结果不同",
    "several-values": "同一项目印有多个不同的值",
    # Why something could not be read.
    "quality-cut-off": "图片未拍全",
    "quality-glare": "图片反光",
    "quality-too-dark": "图片过暗",
    "quality-too-small": "图片过小",
    "quality-blur": "图片模糊",
    # Signs that a picture may have been changed.
    "tamper-typeface": "数字字形不同",
    "tamper-alignment": "数字高低不齐",
    "tamper-sharpness": "数字清晰程度不同",
    "tamper-compression": "局部压缩痕迹不同",
    "tamper-recapture": "疑似翻拍屏幕",
    "tamper-software": "含编辑软件信息",
    "tamper-look": "有疑似改动迹象",
    "quality-low-contrast": "字迹过浅",
    # Which paper it is.
    "not-in-four": "不在四类证书范围内",
    "unknown-certificate": "未能识别证书种类",
    "query-page": "成绩查询页面，不是证书",
    "form-unknown": "无法判断是证书还是查询页面",
    "machine-accept-off": "此类证书须人工审核",
    "kind-not-recognised": "本校不认定此类证书",
    "several-certificates": "上传了多份证书",
    "other-certificate": "另有材料未作为依据",
    "unclassified-page": "另有文件未识别出证书",
    "level-contradicts-title": "印有的级别与标题不一致",
    "etic-columns": "分项名称与级别不符",
    "zikao-course": "课程不是英语（二）",
    # Numbers of papers and people.
    "number-is-ticket": "申报的是准考证号",
    "declared-number-not-printed": "证书上没有可核对的编号",
    "number-not-declared": "证书印有编号但未申报",
    "homoglyph": "申报含形近字符",
    "zikao-ticket-shape": "自考准考证号不常见",
    "cet-number-shape": "成绩报告单编号不是 15 位",
    "cet-number-year": "编号的年份与考试年份不符",
    "cet-number-session": "编号的考次与考试月份不符",
    "cet-number-session-unusual": "编号的考次不常见",
    "cet-number-level": "编号的级别与证书不符",
    "cet-ticket-shape": "准考证号结构不常见",
    "cet-ticket-number": "编号与准考证号不符",
    "cet-ticket-school": "编号与准考证号的学校不同",
    "cet-oral-ticket": "口试准考证号格式不符",
    "cet-oral-grade": "口试等级不常见",
    "qr-host": "二维码不指向官方网址",
    "qr-content": "二维码内容不是网址",
    "qr-script": "二维码含脚本或本地地址",
    "qr-other-person": "二维码中是他人的证件号码",
    "id-number-masked": "证件号码部分隐去",
    "id-checksum": "身份证号校验码错误",
    "id-birth-date": "身份证号的出生日期不成立",
    "id-shape": "身份证号格式不正确",
    "id-region-unknown": "身份证号的地区码未知",
    "id-residence-permit": "证件为居住证或永久居留证",
    "id-age-unusual": "按身份证号年龄不常见",
    "printed-id-checksum": "所印证件号码校验码不成立",
    "id-other-document": "证件不是居民身份证",
    "phone-shape": "手机号格式不正确",
    "name-private-use": "姓名含可能显示不正确的字",
    "name-form": "姓名字符或长度不常见",
    # Dates.
    "date-in-future": "申报日期晚于核对日期",
    "printed-date-in-future": "证书日期晚于核对日期",
    "before-start": "证书日期早于该考试开始",
    "cet-exam-month": "该月没有举行四、六级考试",
    "cet-paper-after-end": "该次考试不再发纸质成绩单",
    "cet-electronic-before-start": "该次考试尚无电子成绩单",
    "tem-no-session": "该年没有举行专业四、八级考试",
    "tem-exam-month": "不是英语专业考试的常规月份",
    "tem-exam-day": "与该年实际考试日期不同",
    "trm-exam-month": "不是俄语专业考试的常规月份",
    "trm-irregular-year": "该年俄语专业考试安排有变动",
    "etic-exam-month": "不是国际人才英语考试的常规月份",
    "zikao-exam-month": "不是自学考试的常规月份",
    "outside-window": "不在学校规定的有效期内",
    "window-unknown": "无法判断是否在有效期内",
    "date-without-month": "证书未印月份",
    "date-after-deadline": "申报日期晚于截止日期",
    "result-not-released": "截止前成绩通常尚未公布",
    # Scores.
    "zikao-status": "自考证书所印结论与成绩不符",
    "status-contradicts-score": "成绩状态与证书成绩不符",
    "below-pass-line": "成绩未达合格线",
    "grade-not-passed": "所印等级为不合格",
    "parts-not-found": "分项成绩未找到",
    "parts-total": "各项成绩与总分不符",
    "listening-exempt": "听力免考",
    "part-range": "分项成绩超过满分",
    "part-range-of-four": "分项成绩超过2013年前的满分",
    "parts-of-other-year": "分项与考试年份的版式不符",
    "total-range": "总分超出范围",
    "score-range": "成绩超过满分",
    "tem-grade-score": "等级与分数不符",
    "etic-total": "总分与分项之和不符",
    "exempt-course": "课程为免考",
    # The application and the batch.
    "late": "申请时间晚于截止时间",
    "application-time-format": "申请时间无法识别",
    "language-not-offered": "申报语种不在认定范围",
    "category-not-offered": "申报类别不在四类证书范围内",
    "language-against-category": "申报语种与证书类别不符",
    "number-of-person": "编号栏填了本人其他号码",
    "written-otherwise": "写法归一后比对",
    "declared-empty": "申报项目为空",
    "input-changed": "申请信息或文件有变化",
    "resubmitted-late": "补交截止后才重新上传",
    "row-vanished": "申请已从表中消失",
    "engine-not-calibrated": "识别引擎与校准时不同",
    "not-established": "未能确认全部项目",
    "duplicate-file": "与其他申请的文件相同",
    "duplicate-picture": "与其他申请的图片相同（经改动）",
    "duplicate-number": "成绩单编号与他人重复",
    "own-file-again": "本人此前交过同一文件",
    "own-picture-again": "本人在其他申请中交过同一图片",
    "own-number-again": "本人此前申报过同一编号",
    "another-score-elsewhere": "本人同一次考试的成绩前后不同",
    **DEGREE_REASONS,
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


# What a sealed result and a later application have in common: the kind of a prior use.
SHARED: dict[str, str] = {
    "file": "同一文件",
    "picture": "同一图片（经改动）",
    "number": "同一成绩单编号",
    "score": "同一次考试、不同成绩",
}
