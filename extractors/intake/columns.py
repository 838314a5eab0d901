"""Every column that the platform's tables may carry, in the contract's order."""

from dataclasses import dataclass

from domain.application import BatchKind

STUDENT_NUMBER = "学号"
STATUS = "申请状态"

# Excel keeps 15 significant digits and drops leading zeros: as numbers these are already damaged.
IDENTIFIER_COLUMNS: frozenset[str] = frozenset(
    {STUDENT_NUMBER, "身份证号", "证件号码", "考生号", "成绩单编号"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One table of a batch folder: its file name without suffix, and its headers."""

    stem: str
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """Return all canonical headers, required ones first."""
        return self.required + self.optional


LANGUAGE_APPLICATIONS = TableSpec(
    stem="applications",
    required=(
        "学号",
        "姓名",
        "身份证号",
        "手机号",
        "层次",
        "专业",
        "年级",
        "学籍状态",
        "学习中心",
        "科目",
        "申请证书类型",
        "语种",
        "证书获取日期",
        "成绩单编号",
        "考试成绩",
        "成绩状态",
    ),
    optional=("申请状态", "申请时间", "申请条件是否达标", "证书类别"),
)
DEGREE_APPLICATIONS = TableSpec(
    stem="applications",
    required=(
        "学号",
        "姓名",
        "姓名拼音",
        "性别",
        "出生日期",
        "民族",
        "政治面貌",
        "证件类型",
        "证件号码",
        "层次",
        "专业名称",
        "年级",
        "学习中心",
        "考生号",
        "本科入学年月",
        "本科毕业年月",
        "国家或地区",
        "是否第二学位",
        "是否主辅修学位",
        "是否辅修学位",
        "是否双学士学位",
        "是否联合学位",
        "联合培养单位",
        "电子邮箱",
        "QQ账号",
        "微信账号",
        "其他信息",
        "论文题目",
    ),
    optional=("学位外语成绩", "申请状态", "申请时间", "申请条件是否达标"),
)
COURSES = TableSpec(
    stem="courses",
    required=(
        "学号",
        "课程代码",
        "课程名称",
        "课程性质",
        "学分",
        "成绩",
        "是否学位主干课",
        "是否毕业课程",
    ),
    optional=("修读方式",),
)
APPLICATIONS: dict[BatchKind, TableSpec] = {
    BatchKind.LANGUAGE: LANGUAGE_APPLICATIONS,
    BatchKind.DEGREE: DEGREE_APPLICATIONS,
}
