"""Which kind of paper a page shows, by the most prominent titles; in doubt none."""

import pytest

from domain.certificates import CertificateFamily, CertificateType, PaperForm
from domain.extraction import Classification
from extractors.certificates import CERTIFICATES
from extractors.certificates.others import OTHERS
from extractors.classify import classify, spec_of
from extractors.layout import lay_out
from tests.extractors.pages import cet_page, line, page, printed

_C = CertificateType


def kind_of(*titles: tuple[str, float]) -> Classification:
    lines = [
        line(100, 100 + 100 * index, title, height=height)
        for index, (title, height) in enumerate(titles)
    ]
    return classify(lay_out(page(lines)))[0]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("全国大学英语四级考试成绩报告单", _C.CET4),
        ("全国大学英语六级考试成绩报告单", _C.CET6),
        ("大学英语四级考试", _C.CET4),
        ("大 学 英 语 六 级 考 试", _C.CET6),
        ("大學英語四級考試", _C.CET4),
        ("COLLEGE ENGLISH TEST BAND 4", _C.CET4),
        ("College English Test (Band Six)", _C.CET6),
        ("CET-4", _C.CET4),
        ("高等学校英语专业四级考试", _C.TEM4),
        ("高等学校英语专业八级考试合格证书", _C.TEM8),
        ("TEST FOR ENGLISH MAJORS-BAND 8", _C.TEM8),
        ("全国高等学校俄语专业四级考试", _C.TRM4),
        ("高等学校俄语专业八级水平测试", _C.TRM8),
        ("国际人才英语考试（初级）", _C.ETIC_ELEMENTARY),
        ("国际人才英语考试·中级", _C.ETIC_INTERMEDIATE),
        ("国际人才英语考试高级证书", _C.ETIC_ADVANCED),
        ("国才考试（高端）", _C.ETIC_EXECUTIVE),
        ("国际人才英语考试（高翻）", _C.ETIC_INTERPRETING),
    ],
)
def test_a_title_names_the_kind(title: str, kind: CertificateType) -> None:
    classification = kind_of((title, 40))

    assert classification.certificate_type is kind
    assert classification.score > 0.9
    assert classification.title
    assert spec_of(kind) in CERTIFICATES


def test_a_title_broken_in_two_rows_is_one_title() -> None:
    assert kind_of(("全国大学英语", 40), ("四级考试成绩报告单", 40)).certificate_type is _C.CET4


def test_two_titles_equally_large_are_unknown() -> None:
    classification = kind_of(("全国大学英语四级考试", 40), ("全国大学英语六级考试", 40))

    assert classification.certificate_type is _C.UNKNOWN
    assert (classification.form, classification.score, classification.named) == (None, 0.0, "")


def test_titles_of_two_families_equally_large_are_unknown() -> None:
    assert (
        kind_of(("全国大学英语四级考试", 40), ("高等学校英语专业八级考试", 38)).certificate_type
        is _C.UNKNOWN
    )


def test_a_small_mention_does_not_contradict_the_title() -> None:
    assert (
        kind_of(("全国大学英语四级考试", 40), ("另见大学英语六级考试说明", 20)).certificate_type
        is _C.CET4
    )


def test_the_issuers_line_names_no_single_level() -> None:
    assert (
        kind_of(("全国大学英语四、六级考试委员会", 40), ("成绩报告单", 40)).certificate_type
        is _C.UNKNOWN
    )


def test_no_title_is_unknown() -> None:
    assert kind_of(("成绩报告单", 40), ("姓名：张三", 20)).certificate_type is _C.UNKNOWN
    assert classify(lay_out(page([])))[0].certificate_type is _C.UNKNOWN


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("IELTS Test Report Form", "雅思"),
        ("TOEFL iBT", "托福"),
        ("全国英语等级考试 PETS-3", "PETS"),
        ("大学俄语四级考试", "俄语四"),
        ("四川省大学英语新三级考试", "四川省"),
        ("全国商务英语专业四级考试", "商务英语"),
        ("大学英语四级模拟考试成绩单", "模拟"),
        ("全国高校俄语专业四级水平测试口试", "口语"),
        ("大学英语四级考试培训结业证书", "其他"),
        ("普通话水平测试等级证书", "普通话"),
        ("全国计算机等级考试二级", "计算机"),
        ("日本语能力测试 N2", "日语"),
        ("学士学位英语水平考试", "学位英语"),
    ],
)
def test_an_examination_outside_the_four_kinds_is_named(title: str, named: str) -> None:
    classification = kind_of((title, 40))

    assert classification.certificate_type is _C.NOT_ACCEPTED
    assert named in classification.named
    assert classification.form is None


def test_another_examination_in_small_type_does_not_keep_a_paper_out() -> None:
    assert kind_of(("全国大学英语四级考试", 40), ("参考：雅思", 20)).certificate_type is _C.CET4


def test_another_examination_as_large_as_the_title_keeps_it_out() -> None:
    classification = kind_of(("全国大学英语四级考试", 40), ("雅思成绩单", 42))

    assert classification.certificate_type is _C.NOT_ACCEPTED


def test_a_self_taught_paper_of_another_course_is_named() -> None:
    rows = ("课程名称：高等数学", "成绩：75")

    classification, _ = classify(lay_out(printed(*rows, title="自学考试单科合格证书")))

    assert classification.certificate_type is _C.NOT_ACCEPTED
    assert classification.named == "自学考试其他课程"


@pytest.mark.parametrize("course", ["英语（二）", "英语(二)", "英语（专升本）", "13000", "00015"])
def test_a_self_taught_paper_of_english_two(course: str) -> None:
    rows = (f"课程：{course}", "成绩：75")

    classification, _ = classify(lay_out(printed(*rows, title="自学考试单科合格证书")))

    assert classification.certificate_type is _C.ZIKAO_ENGLISH2


@pytest.mark.parametrize("mark", ["成绩详情", "查询结果", "中国高等教育学生信息网", "学信网"])
def test_a_query_page_is_told_from_a_report(mark: str) -> None:
    page_of_query = printed(mark, "总分：452", title="全国大学英语四级考试")

    assert classify(lay_out(page_of_query))[0].form is PaperForm.QUERY_PAGE
    assert classify(lay_out(cet_page()))[0].form is PaperForm.SCORE_REPORT


def test_the_address_for_queries_makes_no_query_page() -> None:
    given = printed("成绩查询网址：cet.example.cn", title="全国大学英语四级考试成绩报告单")

    assert classify(lay_out(given))[0].form is PaperForm.SCORE_REPORT


def test_a_doubtful_title_has_a_low_score() -> None:
    lines = [line(100, 100, "全国大学英语四级考试", height=40, doubts={6: 0.41})]

    classification, title = classify(lay_out(page(lines)))

    assert title is not None
    assert classification.score == title.confidence == 0.41


def test_a_doubtful_bracket_makes_no_title_doubtful() -> None:
    title = "国际人才英语考试（初级）"
    bracket, letter = ({title.index(character): 0.5} for character in "（初")
    scores = [
        classify(lay_out(page([line(100, 100, title, height=40, doubts=doubts)])))[0].score
        for doubts in (bracket, letter)
    ]
    assert scores == [0.99, 0.5]


def test_doubt_between_both_forms_of_a_character_makes_no_title_doubtful() -> None:
    doubts = {1: 0.4, 5: 0.5}  # 國 and 語, which may as well be 国 and 语
    found, _ = classify(lay_out(page([line(100, 100, "全國大学英語四级考试", doubts=doubts)])))
    assert found.certificate_type is CertificateType.CET4
    assert found.score == 0.99


def test_names_of_other_examinations_are_distinct_and_never_match_ours() -> None:
    names = [name for _, name in OTHERS]
    ours = [kind.chinese_name for kind in CertificateType if kind.family]

    assert len(set(names)) == len(names)
    assert not [(text, name) for text in ours for pattern, name in OTHERS if pattern.search(text)]


def test_every_family_has_one_specification_and_every_kind_a_title() -> None:
    assert sorted(spec.family for spec in CERTIFICATES) == sorted(CertificateFamily)
    titled = {title.certificate_type for spec in CERTIFICATES for title in spec.titles}
    assert titled == {kind for kind in CertificateType if kind.family}
    for spec in CERTIFICATES:
        assert {title.certificate_type.family for title in spec.titles} == {spec.family}
        classification = Classification(
            certificate_type=spec.titles[0].certificate_type, form=None, score=1.0
        )
        assert classification.certificate_type.family is spec.family
