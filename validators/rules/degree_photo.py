"""The portrait against what the school asks of it; as shipped it asks for nothing."""

from collections.abc import Iterator

from domain.degree_policy import PhotoPolicy
from domain.finding import Severity
from domain.reading import PictureFacts
from validators.case import CaseFile
from validators.degree_case import DegreeCase, declare_degree
from validators.normalizing import fold_text
from validators.rule import FactConfidence, Observation


def _out_of(value: int, least: int, most: int, what: str, unit: str) -> Iterator[str]:
    if least == most > 0 and value != least:
        yield f"{what}为{value}{unit}，应为{least}{unit}"
    elif value < least:
        yield f"{what}为{value}{unit}，不应小于{least}{unit}"
    elif 0 < most < value:
        yield f"{what}为{value}{unit}，不应大于{most}{unit}"


def _of_picture(facts: PictureFacts | None, policy: PhotoPolicy) -> Iterator[str]:
    asked = (policy.least_width_px, policy.most_width_px, policy.least_height_px,
             policy.most_height_px, policy.least_dpi, policy.coloured)  # fmt: skip
    if facts is None:
        if any(asked):
            yield "规格未能读取"
        return
    yield from _out_of(facts.width_px, policy.least_width_px, policy.most_width_px, "宽", "像素")
    yield from _out_of(facts.height_px, policy.least_height_px, policy.most_height_px, "高", "像素")
    if facts.dpi < policy.least_dpi:
        told = f"{facts.dpi}dpi" if facts.dpi else "未注明"
        yield f"分辨率{told}，不应低于{policy.least_dpi}dpi"
    if policy.coloured and not facts.is_coloured:
        yield "应为彩色照片"


def _wanted_name(case: DegreeCase, pattern: str) -> str:
    columns = dict(case.application.columns) | {"学号": case.submission.student_number}
    name = pattern
    for column, cell in columns.items():
        name = name.replace(f"{{{column}}}", cell.strip())
    return fold_text(name)


def _unlike(case: DegreeCase, file: CaseFile) -> Iterator[str]:
    policy = case.policy.photo
    reading = file.outcome.reading if file.outcome else None
    yield from _of_picture(reading.picture if reading else None, policy)
    size = file.upload.size_bytes
    yield from _out_of(size, policy.least_bytes, policy.most_bytes, "文件大小", "字节")
    stem = file.upload.path.rpartition("/")[2].rpartition(".")[0]
    if policy.name and fold_text(stem).upper() != _wanted_name(case, policy.name).upper():
        yield f"文件名应为“{policy.name}”"


def _photo_differs(case: DegreeCase) -> Iterator[Observation]:
    if len(case.photos) == 1 and (faults := tuple(_unlike(case, case.photos[0]))):
        yield Observation(detail="；".join(faults))


RULES = (
    declare_degree("photo-differs", Severity.REVIEW, "policy photo; degree facts A.2",
                   FactConfidence.CONTRACT,
                   "The portrait is not as the school asks: size, resolution, colours or name.",
                   "证件照不符合本校规格：{detail}。",
                   "您上传的证件照不符合要求（{detail}），请核对。", _photo_differs),
)  # fmt: skip
