"""Rules about what a QR code on the paper's page holds. Nothing is ever fetched."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from domain.certificates import CertificateFamily, FieldName
from domain.finding import Severity
from validators.case import Case
from validators.normalizing import number_key
from validators.rule import FactConfidence, Observation, declare
from validators.rules.identity import birth_date_of, checksum_holds, has_resident_shape

_LONGEST_SHOWN = 200


def _texts(case: Case) -> tuple[str, ...]:
    page = case.page()
    return tuple(text.strip() for text in page.qr_texts) if page else ()


def _cet_texts(case: Case) -> tuple[str, ...]:
    return _texts(case) if case.kind.family is CertificateFamily.CET else ()


def _is_address(text: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) is not None


def _is_official(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (parts.scheme.lower() in ("https", "http")
                and parts.netloc.lower() == "ecert.neea.edu.cn"
                and parts.path == "/verify.htm")  # fmt: skip
    except ValueError:
        return False


def _host(case: Case) -> Iterator[Observation]:
    for text in _cet_texts(case):
        if _is_address(text) and not _is_official(text):
            yield Observation(extracted=text[:_LONGEST_SHOWN])


def _content(case: Case) -> Iterator[Observation]:
    for text in _cet_texts(case):
        if text and not _is_address(text):
            yield Observation(extracted=text[:_LONGEST_SHOWN])


_SCRIPTS = re.compile(r"(?:javascript|vbscript|data|file|jar|intent):", re.IGNORECASE)


def _script(case: Case) -> Iterator[Observation]:
    for text in _texts(case):
        if _SCRIPTS.match(text):
            yield Observation(extracted=text[:_LONGEST_SHOWN])


def _other_person(case: Case) -> Iterator[Observation]:
    own = number_key(case.application.id_number)
    for text in _texts(case):
        for found in re.findall(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", text):
            # Many long numbers stand in codes: one that is an ID number in every respect.
            is_person = has_resident_shape(found) and checksum_holds(found)
            if is_person and birth_date_of(found) and number_key(found) != own:
                yield Observation(field=FieldName.ID_NUMBER, extracted=found)


_REVIEW, _ADVICE = Severity.REVIEW, Severity.ADVICE
_CONTRACT = FactConfidence.CONTRACT
_MEDIUM_HIGH, _MEDIUM = FactConfidence.MEDIUM_HIGH, FactConfidence.MEDIUM
_KEEP = "请确认上传的是本人证书或成绩单的原件，并等待工作人员核实。"

RULES = (
    declare("qr-host", _REVIEW, "certificates V14", _MEDIUM_HIGH,
            "The QR code of a CET report leads to ecert.neea.edu.cn/verify.htm.",
            "二维码内容不指向官方验证网址：{extracted}。",
            f"您成绩单上的二维码不指向官方验证网址，{_KEEP}", _host),
    declare("qr-content", _ADVICE, "certificates V14", _MEDIUM,
            "The QR code on a CET report's page holds no address.",
            "二维码内容不是网址：{extracted}。", "", _content),
    declare("qr-script", _REVIEW, "hostile corpus 46", _CONTRACT,
            "A QR code on the page holds a script or the address of a local file.",
            "二维码含有脚本或本地文件地址（未打开）：{extracted}。",
            f"您证书上的二维码内容异常，{_KEEP}", _script),
    declare("qr-other-person", _REVIEW, "hostile corpus 46", _CONTRACT,
            "A QR code on the page holds the ID number of another person than the applicant.",
            "二维码中的证件号码（{extracted}）不是申请人的。",
            f"您证书上的二维码与您申报的身份证号不符，{_KEEP}", _other_person),
)  # fmt: skip
