"""ТРЯ/TRM-4/8 俄语专业四、八级. Nothing about the real paper is known: every label is a guess.

The shipped policy sends the family to a person; what is read here helps that person look.
"""

import re

from domain.certificates import CertificateFamily, CertificateType
from extractors.certificates.spec import CertificateSpec, Title
from extractors.certificates.tem import SPEC as TEM

SPEC = CertificateSpec(
    family=CertificateFamily.TRM,
    language="俄语",
    titles=(
        Title(pattern=re.compile(r"俄语专业[四4]级"), certificate_type=CertificateType.TRM4),
        Title(pattern=re.compile(r"俄语专业[八8]级"), certificate_type=CertificateType.TRM8),
        Title(pattern=re.compile(r"(?:ТРЯ|TPЯ|TRM|TRY)-?4"), certificate_type=CertificateType.TRM4),
        Title(pattern=re.compile(r"(?:ТРЯ|TPЯ|TRM|TRY)-?8"), certificate_type=CertificateType.TRM8),
    ),
    anchors=TEM.anchors,
    sentences=TEM.sentences,
    sometimes_printed=TEM.sometimes_printed,
    never_printed=TEM.never_printed,
)
