"""审核意见: what the applicant is told, one sentence per reason."""

from collections.abc import Iterable

from domain.finding import Finding


def join_opinions(findings: Iterable[Finding]) -> str:
    """Return the sentences of the objecting findings, each once, in their order."""
    sentences = [finding.opinion for finding in findings if finding.severity.objects]
    return "".join(dict.fromkeys(sentence for sentence in sentences if sentence))
