"""What each family of certificates prints, as data: titles, labels, sentences, absent fields.

One file per family, each declaring one `SPEC`; `CERTIFICATES` gathers them. A new family is a new
file here, a sample and a test. How labels lead to values is in `extractors.anchors`.
"""

from extractors.certificates import cet, etic, tem, trm, zikao
from extractors.certificates.spec import CertificateSpec

CERTIFICATES: tuple[CertificateSpec, ...] = (cet.SPEC, tem.SPEC, trm.SPEC, etic.SPEC, zikao.SPEC)
