"""Per rule one application at which it fires and one at which it nearly does."""

import datetime

from domain.application import FileKind
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import QualityFaultKind
from tests.validators.applications import (
    Example,
    alone,
    beside,
    cet,
    etic,
    etic_lines,
    fault,
    noted,
    picture,
    qr,
    read,
    read_by,
    rejected,
    repeated,
    spoiled,
    tem,
    tem_grade_read,
    trm,
    two_papers,
    used,
    windowed,
    without_paper,
    zikao,
    zikao_course_read,
    zikao_lines,
)
from tests.validators.builders import (
    CET_DECLARED,
    CET_PRINTED,
    ID_NUMBER,
    OTHER_ID,
    assess_files,
    assess_paper,
    fault_of,
    outcome_of,
    paper_of,
    policy_with,
    upload_of,
)
from tests.validators.tamper_examples import TAMPER_EXAMPLES

F, C = FieldName, CertificateType
_TRM_ON = policy_with('[acceptance]\nmachine_accept = ["cet", "trm"]\n')
_QUERY_ON = policy_with("[acceptance]\naccept_query_pages = true\n")
_LATER = datetime.date(2027, 1, 31)
_OLD = {F.DATE: "2020年12月", F.CERTIFICATE_NUMBER: "202111234567890", F.ADMISSION_TICKET: None}
_RETURNS_IN_READING = ("encrypted", "pages", "damaged-unopenable")
_REJECTIONS = ("empty", "too-large", "type-not-allowed", "type-mismatch", "dimensions", "pixels",
               "not-regular")  # fmt: skip
_NOTES = ("polyglot", "multi-frame", "hidden-text", "form-content", "layer-disagrees", "damaged",
          "unreadable", "pdf-structure", "owner-password", "active-content", "revised",
          "extension-mismatch", "trailing-data")  # fmt: skip
_ID_OF_REGION = "110105194912310029"

EXAMPLES: dict[str, tuple[Example, Example]] = {
    **TAMPER_EXAMPLES,
    "id-number-masked": (
        cet({F.ID_NUMBER: "9901**********0019"}),
        cet({F.ID_NUMBER: "9902**********0019"}),
    ),
    "date-without-month": (
        tem({F.DATE: "2023年"}),
        tem({F.DATE: "2023年"}, {"证书获取日期": "2022-06"}),
    ),
    "late": (
        cet(cells={"申请时间": "2024-04-01 00:00:00"}),
        cet(cells={"申请时间": "2024-03-31 23:59:59"}),
    ),
    "application-time-format": (cet(cells={"申请时间": "昨天"}),
                                cet(cells={"申请时间": "2024/3/5"})),
    "declared-empty": (cet(cells={"语种": " "}), cet(cells={"证书类别": ""})),
    "language-not-offered": (without_paper({"语种": "日语"}), without_paper({"语种": "俄语"})),
    "category-not-offered": (
        without_paper({"证书类别": "雅思"}),
        without_paper({"证书类别": "国才中级"}),
    ),
    "language-against-category": (
        without_paper({"语种": "俄语", "证书类别": "CET-4"}),
        without_paper({"语种": "俄语", "证书类别": "俄语专业四级"}),
    ),
    "number-of-person": (
        cet(cells={"成绩单编号": ID_NUMBER}),
        cet(cells={"成绩单编号": OTHER_ID}),
    ),
    "written-otherwise": (cet(cells={"姓名": "王　晓东"}), cet(cells={"姓名": "王晓东 "})),
    "no-upload": (lambda: assess_files(CET_DECLARED, []), cet()),
    "too-many": (
        lambda: assess_files(CET_DECLARED, [(upload_of(), None)], rejections=("too-many",)),
        cet(),
    ),
    **{rule: (rejected(rule), rejected(rule, beside_good=True)) for rule in _REJECTIONS},
    **{rule: (fault(rule), fault(rule, beside_good=True)) for rule in _RETURNS_IN_READING},
    "file-rejected": (rejected("empty", beside_good=True), rejected("empty")),
    "unknown-rejection": (rejected("haunted"), rejected("empty")),
    "same-file-twice": (
        lambda: assess_files(
            CET_DECLARED,
            [(upload_of(path="1.jpg"), outcome_of((paper_of(),))),
             (upload_of(path="2.jpg"), outcome_of((paper_of(),)))],
        ),
        two_papers({}),
    ),
    **{rule: (noted(rule), noted()) for rule in _NOTES},
    "mirrored": (
        lambda: assess_paper(paper_of(), outcome=outcome_of((paper_of(),), mirrored=True)),
        cet(),
    ),
    "blank": (
        lambda: assess_files(CET_DECLARED, [(upload_of(), outcome_of((), blank=True))]),
        lambda: assess_files(CET_DECLARED, [(upload_of(), outcome_of(()))]),
    ),
    "machine-failed": (
        lambda: assess_files(CET_DECLARED, [(upload_of(), fault_of("crash", machine=True))]),
        fault("encrypted"),
    ),
    "reading-fault": (fault("haunted"), fault("damaged", returns=False)),
    "unknown-note": (noted("haunted"), noted("revised")),
    "not-in-four": (alone(C.NOT_ACCEPTED, "雅思"), beside(C.NOT_ACCEPTED)),
    "unknown-certificate": (alone(C.UNKNOWN), alone(C.NOT_ACCEPTED)),
    "query-page": (
        cet(form=PaperForm.QUERY_PAGE),
        cet(form=PaperForm.QUERY_PAGE, policy=_QUERY_ON),
    ),
    "form-unknown": (cet(form=None), cet()),
    "machine-accept-off": (trm(), trm(policy=_TRM_ON)),
    "kind-not-recognised": (
        cet(policy=policy_with('[acceptance]\nrecognised = ["cet6", "tem4"]\n')),
        cet(policy=policy_with('[acceptance]\nrecognised = ["cet4"]\n')),
    ),
    "several-certificates": (
        two_papers({F.SCORE: "483", F.LISTENING: "161"}),
        two_papers({F.SCORE: "390", F.LISTENING: "68", F.DATE: "2020年12月",
                    F.CERTIFICATE_NUMBER: "202111234567890", F.ADMISSION_TICKET: None}),
    ),
    "other-certificate": (beside(C.NOT_ACCEPTED), cet()),
    "unclassified-page": (beside(C.UNKNOWN), beside(C.UNKNOWN, same_file=True)),
    "level-contradicts-title": (
        etic_lines("考试级别：高级"),
        etic_lines("考试级别：中级", "成绩等级：良好", "高级", "等级：优秀"),
    ),
    "etic-columns": (
        etic_lines("英译汉 汉译英", "总分"),
        etic_lines("口头沟通", "书面沟通", "总分", "高翻考试的分项为英译汉和汉译英"),
    ),
    "zikao-course": (zikao({F.COURSE: "00012 英语（一）"}), zikao({F.COURSE: "13000英语(专升本)"})),
    "name-not-found": (cet({F.NAME: None}), cet()),
    "id-number-not-found": (
        cet({F.ID_NUMBER: None}),
        cet({F.ID_NUMBER: None}, never=frozenset({F.ID_NUMBER})),
    ),
    "certificate-number-not-found": (
        cet({F.CERTIFICATE_NUMBER: None}),
        etic({F.CERTIFICATE_NUMBER: None}, never=frozenset({F.CERTIFICATE_NUMBER})),
    ),
    "score-not-found": (cet({F.SCORE: None}), tem({F.SCORE: None})),
    "date-not-found": (cet({F.DATE: None}), tem({F.DATE: None, F.ISSUE_DATE: "2023年6月"})),
    "grade-not-found": (etic({F.GRADE: None}), etic()),
    "course-not-found": (zikao({F.COURSE: None}), zikao()),
    **{f"quality-{kind}": (spoiled(kind, 0.5), spoiled(kind, 0.995)) for kind in QualityFaultKind},
    "name-unclear": (read(F.NAME, 0.899), read(F.NAME, 0.9)),
    "id-number-unclear": (read(F.ID_NUMBER, 0.979), read(F.ID_NUMBER, 0.98)),
    "certificate-number-unclear": (
        read(F.CERTIFICATE_NUMBER, 0.59, CET_PRINTED[F.CERTIFICATE_NUMBER]),
        read(F.CERTIFICATE_NUMBER, 0.60, CET_PRINTED[F.CERTIFICATE_NUMBER]),
    ),
    "score-unclear": (read(F.SCORE, 0.90), read(F.SCORE, 0.90, "482")),
    "date-unclear": (read(F.DATE, 0.90), read(F.DATE, 0.90, "2021 年 12 月")),
    "status-unclear": (tem_grade_read(0.9), tem_grade_read(0.99)),
    "course-unclear": (zikao_course_read(0.9), zikao_course_read(0.99)),
    "readers-disagree": (read(F.SCORE, 0.999, "432"), read(F.SCORE, 0.999, "|4")),
    "engine-not-calibrated": (read_by("reader-1.1.0"), read_by("reader-1.0.9")),
    "several-values": (repeated("212111234567891"), repeated("21211 12345 67890")),
    "name-differs": (cet({F.NAME: "王晓冬"}), cet({F.NAME: "王 晓东"})),
    "id-number-differs": (
        cet({F.ID_NUMBER: "990203198505050026"}),
        cet({F.ID_NUMBER: "990101 19900101 0019"}),
    ),
    "id-checksum": (
        cet(cells={"身份证号": "110105194912310021"}),
        cet(cells={"身份证号": "11010519491231002x"}),
    ),
    "id-birth-date": (
        cet(cells={"身份证号": "11010520230229002X"}),
        cet(cells={"身份证号": "11010519491231002X"}),
    ),
    "id-shape": (cet(cells={"身份证号": "110105491231002"}), cet(cells={"身份证号": "H12345678"})),
    "id-region-unknown": (cet(), cet(cells={"身份证号": "931010519900101003"})),
    "id-residence-permit": (
        cet(cells={"身份证号": "931010519900101003"}),
        cet(cells={"身份证号": "990101199001010019"}),
    ),
    "id-age-unusual": (
        cet(cells={"身份证号": "440524188001010014"}),
        cet(cells={"身份证号": "11010519491231002X"}),
    ),
    "printed-id-checksum": (
        cet({F.ID_NUMBER: "990101199001010010"}),
        cet({F.ID_NUMBER: OTHER_ID}),
    ),
    "id-other-document": (cet(cells={"身份证号": "E12345678"}), cet()),
    "phone-shape": (cet(cells={"手机号": "12800001234"}),
                    cet(cells={"手机号": "+86 138-0000-1234"})),
    "name-form": (cet(cells={"姓名": "王Xiaodong"}), cet(cells={"姓名": "阿依·古丽𠮷"})),
    "name-private-use": (cet(cells={"姓名": "王\ue000"}), cet(cells={"姓名": "王\ue81e"})),
    "certificate-number-differs": (
        cet(cells={"成绩单编号": "212111234567891"}),
        cet(cells={"成绩单编号": "２１２１１ 12345 67890"}),
    ),
    "number-is-ticket": (
        cet(cells={"成绩单编号": CET_PRINTED[F.ADMISSION_TICKET]}),
        cet(cells={"成绩单编号": "212111234567891"}),
    ),
    "declared-number-not-printed": (
        etic(cells={"成绩单编号": "GC2021000001"}, never=frozenset({F.CERTIFICATE_NUMBER})),
        etic(never=frozenset({F.CERTIFICATE_NUMBER})),
    ),
    "number-not-declared": (cet(cells={"成绩单编号": "-"}), cet()),
    "homoglyph": (
        tem(cells={"成绩单编号": "ТEM4230012345"}),  # its first letter is Cyrillic
        tem(),
    ),
    "zikao-ticket-shape": (zikao({F.ADMISSION_TICKET: "32012345678"}), zikao()),
    "cet-number-shape": (cet({F.CERTIFICATE_NUMBER: "21211123456789"}), cet()),
    "cet-number-year": (cet({F.DATE: "2022年12月"}), cet()),
    "cet-number-session": (cet({F.DATE: "2021年6月"}), cet()),
    "cet-number-session-unusual": (
        cet({F.DATE: "2020年9月", F.CERTIFICATE_NUMBER: "203111234567890"}),
        cet({F.DATE: "2020年9月", F.CERTIFICATE_NUMBER: "202111234567890"}),
    ),
    "cet-number-level": (cet(kind=C.CET6), cet()),
    "cet-ticket-shape": (
        cet({F.ADMISSION_TICKET: "992340212100105"}),
        cet({F.ADMISSION_TICKET: "112340212100130"}),
    ),
    "cet-ticket-number": (cet({F.ADMISSION_TICKET: "112340211100105"}), cet()),
    "cet-ticket-school": (cet({F.ADMISSION_TICKET: "123450212100105"}), cet()),
    "cet-oral-ticket": (
        cet({F.ORAL_TICKET: "S12340212100105"}),
        cet({F.ORAL_TICKET: "F12340212100105"}),
    ),
    "cet-oral-grade": (cet({F.SPEAKING: "D"}), cet({F.SPEAKING: "C+"})),
    "qr-host": (
        qr("https://ecert.neea.edu.cn.example.com/verify.htm?abc"),
        qr("https://ecert.neea.edu.cn/verify.htm?abc   "),
    ),
    "qr-script": (qr("JavaScript:alert(1)"), qr("https://ecert.neea.edu.cn/verify.htm?data:1")),
    "qr-other-person": (qr(f"姓名 赵一凡 {OTHER_ID}"), qr(f"王晓东 {ID_NUMBER} {OTHER_ID[:-1]}5")),
    "qr-content": (qr("abcdef"), qr("https://ecert.neea.edu.cn/verify.htm?abc")),
    "score-format": (cet(cells={"考试成绩": "1e3"}), cet(cells={"考试成绩": "４８２．０"})),
    "status-format": (cet(cells={"成绩状态": "已通过"}), cet(cells={"成绩状态": "合 格"})),
    "score-differs": (cet(cells={"考试成绩": "483"}), cet(cells={"考试成绩": "482.00"})),
    "score-not-printed": (tem(cells={"考试成绩": "75"}), tem({F.SCORE: "75"}, {"考试成绩": "75"})),
    "status-differs": (tem(cells={"成绩状态": "优秀"}), tem(cells={"成绩状态": "合格"})),
    "status-contradicts-score": (cet(cells={"成绩状态": "不合格"}), cet()),
    "below-pass-line": (
        cet({F.SCORE: "424", F.LISTENING: "102"}),
        cet({F.SCORE: "425", F.LISTENING: "103"}),
    ),
    "grade-not-passed": (tem({F.GRADE: "不合格"}), tem({F.GRADE: "合格"})),
    "parts-not-found": (cet({F.LISTENING: None}), cet()),
    "parts-total": (cet({F.SCORE: "483"}), cet()),
    "listening-exempt": (
        cet({F.NOTE: "该考生为听力残疾，听力部分免考", F.LISTENING: "--"}),
        cet({F.NOTE: "说明"}),
    ),
    "part-range-of-four": (
        cet({F.DATE: "2010年12月", F.COMPREHENSIVE: "71"}),
        cet({F.DATE: "2010年12月", F.COMPREHENSIVE: "70", F.WRITING_TRANSLATION: "142"}),
    ),
    "parts-of-other-year": (
        cet({F.COMPREHENSIVE: "60"}),
        cet({F.DATE: "2013年6月", F.COMPREHENSIVE: "60"}),
    ),
    "part-range": (cet({F.LISTENING: "250"}), cet({F.LISTENING: "249"})),
    "total-range": (cet({F.SCORE: "711"}), cet({F.SCORE: "710"})),
    "score-range": (zikao({F.SCORE: "101"}), zikao({F.SCORE: "100"})),
    "tem-grade-score": (tem({F.SCORE: "80"}), tem({F.SCORE: "79"})),
    "etic-total": (etic({F.SCORE: "114"}), etic({F.SCORE: "113"})),
    "zikao-status": (zikao_lines("结论：不合格"), zikao_lines("结论：合格", "60分以上为合格")),
    "exempt-course": (zikao({F.SCORE: "免考"}), zikao()),
    "date-format": (cet(cells={"证书获取日期": "2021-13"}), cet(cells={"证书获取日期": "202112"})),
    "date-differs": (cet(cells={"证书获取日期": "2021-11"}),
                     cet(cells={"证书获取日期": "2022-02"})),
    "date-in-future": (
        cet(cells={"证书获取日期": "2024-04"}),
        cet(cells={"证书获取日期": "2024-03-31"}),
    ),
    "printed-date-in-future": (cet({F.DATE: "2024年4月"}), cet({F.DATE: "2024年3月31日"})),
    "before-start": (cet({F.DATE: "2005年5月"}), cet({F.DATE: "2005年6月"})),
    "language-differs": (cet(cells={"语种": "俄语"}), cet(cells={"语种": "English"})),
    "level-differs": (cet(cells={"证书类别": "CET-6"}), cet(cells={"证书类别": "CET-4"})),
    "cet-exam-month": (cet({F.DATE: "2021年7月"}), cet({F.DATE: "2020年7月"})),
    "cet-paper-after-end": (
        picture(FileKind.JPEG, {F.DATE: "2026年6月"}, today=_LATER),
        picture(FileKind.PDF, {F.DATE: "2026年6月"}, today=_LATER),
    ),
    "cet-electronic-before-start": (
        picture(FileKind.PDF, {F.DATE: "2020年12月"}),
        picture(FileKind.PDF, {F.DATE: "2021年6月"}),
    ),
    "tem-no-session": (tem({F.DATE: "2020年6月"}), tem({F.DATE: "2021年6月"})),
    "tem-exam-month": (tem({F.DATE: "2023年5月"}), tem()),
    "tem-exam-day": (tem({F.DATE: "2023年6月17日"}), tem({F.DATE: "2023年6月18日"})),
    "trm-exam-month": (trm({F.DATE: "2023年3月"}), trm()),
    "trm-irregular-year": (trm({F.DATE: "2022年5月"}), trm()),
    "etic-exam-month": (etic({F.DATE: "2021-07-15"}), etic()),
    "zikao-exam-month": (zikao({F.DATE: "2023年1月"}), zikao({F.DATE: "2023年4月"})),
    "outside-window": (
        windowed("years-back", {}, years=2),
        windowed("years-back", {}, years=3),
    ),
    "window-unknown": (
        windowed("registration-to-application", {"年级": "不详"}),
        windowed("registration-to-application", {"年级": "2021级"}),
    ),
    "date-after-deadline": (
        cet(cells={"证书获取日期": "2024-05"}, today=datetime.date(2024, 6, 1)),
        cet(cells={"证书获取日期": "2024-03"}, today=datetime.date(2024, 6, 1)),
    ),
    "result-not-released": (tem({F.DATE: "2024年3月"}, kind=C.TEM8), cet({F.DATE: "2023年12月"})),
    "duplicate-file": (used("file", same_person=False), used("file", same_person=True)),
    "duplicate-number": (used("number", same_person=False), used("number", same_person=True)),
    "own-file-again": (used("file", same_person=True), used("number", same_person=True)),
    "duplicate-picture": (used("picture", same_person=False), used("picture", same_person=True)),
    "own-picture-again": (used("picture", same_person=True), used("picture", same_person=False)),
    "another-score-elsewhere": (used("score", same_person=True), used("number", same_person=True)),
    "own-number-again": (used("number", same_person=True), used("file", same_person=True)),
}  # fmt: skip
"""rule id -> (an application at which the rule fires, one at which it nearly does)."""
