"""The kinds of certificate and the fields they carry."""

from enum import StrEnum


class CertificateFamily(StrEnum):
    """An examination whose papers share layouts, number formats and rules."""

    CET = "cet"
    TEM = "tem"
    TRM = "trm"
    ETIC = "etic"
    ZIKAO = "zikao"


class CertificateType(StrEnum):
    """The twelve accepted kinds, and the two answers for everything else."""

    CET4 = "cet4"
    CET6 = "cet6"
    TEM4 = "tem4"
    TEM8 = "tem8"
    TRM4 = "trm4"
    TRM8 = "trm8"
    ETIC_ELEMENTARY = "etic-elementary"
    ETIC_INTERMEDIATE = "etic-intermediate"
    ETIC_ADVANCED = "etic-advanced"
    ETIC_EXECUTIVE = "etic-executive"
    ETIC_INTERPRETING = "etic-interpreting"
    ZIKAO_ENGLISH2 = "zikao-english2"
    NOT_ACCEPTED = "not-accepted"
    UNKNOWN = "unknown"

    @property
    def family(self) -> CertificateFamily | None:
        """Return the examination family, None for `not-accepted` and `unknown`."""
        return _FAMILIES.get(self)

    @property
    def chinese_name(self) -> str:
        """Return the name that staff and applicants read."""
        return _CHINESE_NAMES[self]


ACCEPTED_TYPES: tuple[CertificateType, ...] = tuple(
    kind
    for kind in CertificateType
    if kind not in (CertificateType.NOT_ACCEPTED, CertificateType.UNKNOWN)
)

_FAMILIES: dict[CertificateType, CertificateFamily] = {
    kind: CertificateFamily(kind.value.split("-")[0].rstrip("0123456789"))
    for kind in ACCEPTED_TYPES
}

_CHINESE_NAMES: dict[CertificateType, str] = {
    CertificateType.CET4: "大学英语四级",
    CertificateType.CET6: "大学英语六级",
    CertificateType.TEM4: "英语专业四级",
    CertificateType.TEM8: "英语专业八级",
    CertificateType.TRM4: "俄语专业四级",
    CertificateType.TRM8: "俄语专业八级",
    CertificateType.ETIC_ELEMENTARY: "国际人才英语考试初级",
    CertificateType.ETIC_INTERMEDIATE: "国际人才英语考试中级",
    CertificateType.ETIC_ADVANCED: "国际人才英语考试高级",
    CertificateType.ETIC_EXECUTIVE: "国际人才英语考试高端",
    CertificateType.ETIC_INTERPRETING: "国际人才英语考试高翻",
    CertificateType.ZIKAO_ENGLISH2: "自学考试英语（二）",
    CertificateType.NOT_ACCEPTED: "不在四类证书范围内",
    CertificateType.UNKNOWN: "未能识别",
}


class FieldName(StrEnum):
    """What can be read from a paper; the first eight are the cross-checked fields."""

    NAME = "name"
    ID_NUMBER = "id_number"
    CERTIFICATE_NUMBER = "certificate_number"
    SCORE = "score"
    DATE = "date"
    LANGUAGE = "language"
    LEVEL = "level"
    STATUS = "status"
    LISTENING = "listening"
    READING = "reading"
    WRITING_TRANSLATION = "writing_translation"
    COMPREHENSIVE = "comprehensive"
    SPEAKING = "speaking"
    # Read to support rules; not rows of fields.csv.
    ADMISSION_TICKET = "admission_ticket"
    ORAL_TICKET = "oral_ticket"
    ISSUE_DATE = "issue_date"
    COURSE = "course"
    GRADE = "grade"
    COMPONENT_A = "component_a"  # ETIC: 口头沟通 / 英译汉
    COMPONENT_B = "component_b"  # ETIC: 书面沟通 / 汉译英
    NOTE = "note"  # e.g. the fixed sentence for candidates exempt from listening

    @property
    def chinese_name(self) -> str:
        """Return the word used for the field in messages."""
        return _FIELD_NAMES[self]


_FIELD_NAMES: dict[FieldName, str] = {
    FieldName.NAME: "姓名",
    FieldName.ID_NUMBER: "身份证号",
    FieldName.CERTIFICATE_NUMBER: "成绩单编号",
    FieldName.SCORE: "考试成绩",
    FieldName.DATE: "证书获取日期",
    FieldName.LANGUAGE: "语种",
    FieldName.LEVEL: "证书类别",
    FieldName.STATUS: "成绩状态",
    FieldName.LISTENING: "听力",
    FieldName.READING: "阅读",
    FieldName.WRITING_TRANSLATION: "写作和翻译",
    FieldName.COMPREHENSIVE: "综合",
    FieldName.SPEAKING: "口试",
    FieldName.ADMISSION_TICKET: "准考证号",
    FieldName.ORAL_TICKET: "口试准考证号",
    FieldName.ISSUE_DATE: "发证日期",
    FieldName.COURSE: "课程",
    FieldName.GRADE: "等级",
    FieldName.COMPONENT_A: "分项成绩一",
    FieldName.COMPONENT_B: "分项成绩二",
    FieldName.NOTE: "备注",
}

CHECKED_FIELDS: tuple[FieldName, ...] = (
    FieldName.NAME,
    FieldName.ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.SCORE,
    FieldName.DATE,
    FieldName.LANGUAGE,
    FieldName.LEVEL,
    FieldName.STATUS,
)
PART_FIELDS: tuple[FieldName, ...] = (
    FieldName.LISTENING,
    FieldName.READING,
    FieldName.WRITING_TRANSLATION,
    FieldName.COMPREHENSIVE,
    FieldName.SPEAKING,
)


# On these an acceptance can rest. The second reader is asked about each of them but courses and
# what proves itself, and about an admission ticket only where it stands for the paper's number.
DECIDING_FIELDS: tuple[FieldName, ...] = (
    FieldName.NAME,
    FieldName.ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER,
    FieldName.ADMISSION_TICKET,
    FieldName.SCORE,
    FieldName.GRADE,
    FieldName.STATUS,
    FieldName.DATE,
    FieldName.ISSUE_DATE,
    FieldName.COURSE,
)


class PaperForm(StrEnum):
    """What sort of document of its family the paper is; decides which fields it must print."""

    CERTIFICATE = "certificate"
    SCORE_REPORT = "score-report"
    QUERY_PAGE = "query-page"
