"""Policy: every rule and threshold that differs from school to school, as frozen data.

`parse_policy` turns the text of `institutions/default.toml` and, over it, one school's file into a
`Policy`. Keys that the default does not have are refused with the nearest known name.
"""

import dataclasses
import difflib
import hashlib
import json
import tomllib
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from domain.application import FileKind
from domain.archive import ArchivePolicy, RetentionPolicy
from domain.calibration import UNCALIBRATED, Calibration, FieldGroup
from domain.certificates import ACCEPTED_TYPES, CertificateFamily, CertificateType
from domain.degree_policy import (
    DegreeDataPolicy,
    DegreePolicy,
    FormsPolicy,
    GradePoints,
    PhotoPolicy,
)
from domain.faults import ConfigurationFault
from domain.publication import PublicationPolicy
from domain.tampering import HintUse, TamperingPolicy, TamperSign
from domain.validity import ValidityPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePolicy:
    """Limits of uploads, judged without decoding them."""

    max_file_bytes: int
    max_files: int
    max_pages: int
    max_side_px: int
    max_pixels: int
    allowed_kinds: tuple[FileKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPolicy:
    """Limits and settings of the reading workers. None of it depends on what is declared.

    `signs` are those of a change that [tampering] does not switch off: others are not looked for.
    """

    render_dpi: int
    cpu_seconds: int
    memory_bytes: int
    timeout_seconds: int
    second_reader: bool
    signs: tuple[TamperSign, ...] = tuple(TamperSign)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptancePolicy:
    """Which certificates count at all, and what the machine may accept of them on its own.

    A paper of the four kinds that is not in `recognised` goes to a person. The targets are the
    largest share (between 0 and 1) of misread values among accepted ones that the bounds of the
    calibration may leave open. `calibration` names the file of thresholds.
    """

    recognised: tuple[CertificateType, ...]
    machine_accept: tuple[CertificateFamily, ...]
    accept_query_pages: bool
    zikao_ticket_counts_as_number: bool
    calibration: str
    misread_target: float
    name_misread_target: float
    accept_other_engine: bool

    def target_of(self, group: FieldGroup) -> float:
        """Return the target of a group of fields."""
        return self.name_misread_target if group.is_words else self.misread_target


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLines:
    """The school's pass lines, compared exactly. ETIC prints its own grade and has none.

    The platform's manual gives none, so the shipped ones are examples: `set_by_school` says whether
    the school has settled them; until then every report says that they are examples.
    """

    set_by_school: bool
    cet: Decimal
    tem: Decimal
    trm: Decimal
    zikao: Decimal

    def of(self, family: CertificateFamily) -> Decimal | None:
        """Return the family's line, None where the paper itself says whether it was passed."""
        line: Decimal | None = getattr(self, family.value, None)
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """How people decide: shares (0-1) are drawn by a keyed hash, so a re-run draws the same.

    `two_person_reasons` are rule ids, `two_person_families` families that always take two people;
    `two_person_corrections` asks for two where a declaration is corrected.
    """

    blind_share: float
    two_person_share: float
    two_person_reasons: tuple[str, ...]
    two_person_families: tuple[CertificateFamily, ...]
    two_person_corrections: bool
    sample_share: float
    sample_share_after_error: float
    appeal_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The effective policy of one institution, with the thresholds that it names."""

    institution: str
    intake: IntakePolicy
    reading: ReadingPolicy
    acceptance: AcceptancePolicy
    validity: ValidityPolicy
    pass_lines: PassLines
    tampering: TamperingPolicy
    review: ReviewPolicy
    degree: DegreePolicy
    grade_points: GradePoints
    forms: FormsPolicy
    degree_data: DegreeDataPolicy
    photo: PhotoPolicy
    publication: PublicationPolicy
    archive: ArchivePolicy
    retention: RetentionPolicy
    calibration: Calibration = UNCALIBRATED

    def is_measured_for(self, engine_version: str) -> bool:
        """Return whether the calibration was made with this engine and these settings."""
        reading = self.reading
        return self.calibration.fits(engine_version, reading.render_dpi, reading.second_reader)

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of the policy's canonical JSON, stored with every decision."""
        text = json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return the effective values as JSON-ready data, the calibration by name and digest."""
        values = {name: getattr(self, name) for name in (_INSTITUTION, *_SECTIONS)}
        values |= {name: dataclasses.asdict(values[name]) for name in _SECTIONS}
        values[_CALIBRATION] = {"name": self.calibration.name, "digest": self.calibration.digest}
        plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
        return plain


_INSTITUTION, _CALIBRATION = "institution", "calibration"
_SECTIONS = tuple(
    field.name
    for field in dataclasses.fields(Policy)
    if field.name not in (_INSTITUTION, _CALIBRATION)
)


def parse_policy(
    default_toml: str,
    override_toml: str | None,
    institution: str,
    calibration_of: Callable[[str], Calibration] = lambda _name: UNCALIBRATED,
) -> Policy:
    """Return the policy of an institution: the default with one level of override.

    `calibration_of` gives the calibration that the policy names; without it nothing counts as
    measured, and the machine accepts nothing. Raises `ConfigurationFault` for broken TOML, unknown
    keys (naming the nearest known one), missing keys in the default, and values of the wrong type
    or range; all faults are listed at once.
    """
    default = _load_toml(default_toml, "default")
    override = _load_toml(override_toml, institution) if override_toml is not None else {}
    faults = [f"policy: {name} stands outside any section" for name in _loose(default)]
    default = {name: values for name, values in default.items() if isinstance(values, dict)}
    faults += _unknown_keys(override, default)
    merged = {
        section: {**values, **_known(override.get(section), values)}
        for section, values in default.items()
    }
    hints = get_type_hints(Policy)
    sections = {}
    for name in _SECTIONS:
        wrong: list[str] = []
        sections[name] = _build(hints[name], merged.get(name, {}), name, wrong)
        # What a section's values mean can be judged where they are of the right types.
        faults += wrong or _out_of_range(name, sections[name])
    for name in merged.keys() - sections.keys():
        faults.append(f"policy: unknown section [{name}]{_nearest(name, sections)}")
    if faults:
        raise ConfigurationFault("\n".join(faults))
    tampering = sections["tampering"]
    signs = tuple(sign for sign in TamperSign if tampering.use_of(sign) is not HintUse.OFF)
    sections["reading"] = dataclasses.replace(sections["reading"], signs=signs)
    calibration = calibration_of(sections["acceptance"].calibration)
    return Policy(institution=institution, calibration=calibration, **sections)


def _acceptance_faults(acceptance: AcceptancePolicy) -> list[str]:
    names = ("misread_target", "name_misread_target")
    faults = [
        f"policy: [acceptance] {name} must lie between 0 and 1, both excluded"
        for name in names
        if not 0.0 < getattr(acceptance, name) < 1.0  # also refuses NaN
    ]
    faults += [
        f"policy: [acceptance] recognised holds {kind.value!r}, which is no kind of certificate;"
        f" known: {', '.join(ACCEPTED_TYPES)}"
        for kind in acceptance.recognised
        if kind not in ACCEPTED_TYPES
    ]
    return faults


_BEST_SCORES = {"cet": 710, "tem": 100, "trm": 100, "zikao": 100}


def _lines_out_of_range(lines: PassLines) -> list[str]:
    """Refuse a line that nobody or everybody passes: mistyped, it would turn every result round."""
    return [
        f"policy: [pass_lines] {name} = {getattr(lines, name)} must lie above 0, up to {best}"
        for name, best in _BEST_SCORES.items()
        if not 0 < getattr(lines, name) <= best
    ]


def _shares_out_of_range(review: ReviewPolicy) -> list[str]:
    names = ("blind_share", "two_person_share", "sample_share", "sample_share_after_error")
    faults = [
        f"policy: [review] {name} must lie between 0 and 1"
        for name in names
        if not 0.0 <= getattr(review, name) <= 1.0
    ]
    if not faults and review.sample_share_after_error < review.sample_share:
        faults.append("policy: [review] sample_share_after_error must not be below sample_share")
    return faults


def _limits_of_nothing(limits: IntakePolicy | ReadingPolicy) -> list[str]:
    """Refuse a limit of 0: mistyped, it would send back every file, or end every worker."""
    section = "intake" if isinstance(limits, IntakePolicy) else "reading"
    values = {field.name: getattr(limits, field.name) for field in dataclasses.fields(limits)}
    faults = [
        f"policy: [{section}] {name} must be at least 1"
        for name, value in values.items()
        if value == 0 and value is not False
    ]
    if values.get("allowed_kinds") == ():
        faults.append("policy: [intake] allowed_kinds must name at least one kind")
    return faults


_RANGES: Mapping[str, Callable[[Any], list[str]]] = {
    "intake": _limits_of_nothing,
    "reading": _limits_of_nothing,
    "acceptance": _acceptance_faults,
    "pass_lines": _lines_out_of_range,
    "review": _shares_out_of_range,
}


def _out_of_range(name: str, section: Any) -> list[str]:
    """Return the faults of a section's values: as its own type tells them, or by `_RANGES`."""
    if hasattr(section, "faults"):
        return list(section.faults())
    return _RANGES[name](section) if name in _RANGES else []


def _load_toml(text: str, institution: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationFault(f"institutions/{institution}.toml: {error}") from error


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"


def _loose(document: Mapping[str, Any]) -> list[str]:
    return [name for name, values in document.items() if not isinstance(values, dict)]


def _known(override: Any, default: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an override says of known keys; the others are faults already."""
    given = override if isinstance(override, dict) else {}
    return {key: value for key, value in given.items() if key in default}


def _unknown_keys(override: Mapping[str, Any], default: Mapping[str, Any]) -> list[str]:
    faults = []
    for section, values in override.items():
        if section not in default and not isinstance(values, dict):
            faults.append(f"policy: {section!r} stands outside any section; every key has one")
        elif section not in default:
            faults.append(f"policy: unknown section [{section}]{_nearest(section, default)}")
        elif not isinstance(values, dict):
            faults.append(f"policy: [{section}] must be a section")
        else:
            faults += [
                f"policy: unknown key {key!r} in [{section}]{_nearest(key, default[section])}"
                for key in values
                if key not in default[section]
            ]
    return faults


def _build(kind: type, values: Mapping[str, Any], section: str, faults: list[str]) -> Any:
    # What has a default follows from other sections and stands in no file.
    own = [field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING]
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in own}
    converted = {}
    for name, hint in hints.items():
        if name not in values:
            faults.append(f"policy: [{section}] lacks {name!r}")
            continue
        try:
            converted[name] = _convert(values[name], hint)
        except (ValueError, TypeError):
            value = values[name]
            shown = str(value) if isinstance(value, Decimal) else repr(value)
            wanted = _describe(hint) + _meant(value, hint)
            faults.append(f"policy: [{section}] {name} = {shown} is not {wanted}")
    faults += [
        f"policy: unknown key {key!r} in [{section}]{_nearest(key, hints)}"
        for key in values
        if key not in hints
    ]
    return None if faults else kind(**converted)


def _convert(value: Any, hint: Any) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise TypeError
        return tuple(_convert(item, get_args(hint)[0]) for item in value)
    if isinstance(hint, types.UnionType):
        raise TypeError(f"unions are not supported: {hint}")
    if hint is bool:
        if not isinstance(value, bool):
            raise TypeError
        return value
    if isinstance(value, bool):
        raise TypeError
    if hint is int:
        if not isinstance(value, int) or value < 0:
            raise TypeError
        return value
    if hint in (float, Decimal):
        # From a text nothing is taken: "four" would be no number, and NaN compares with nothing.
        if not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise TypeError
        return hint(value)
    if not isinstance(value, str):
        raise TypeError
    return hint(value)


def _describe(hint: Any) -> str:
    if get_origin(hint) is tuple:
        choices = _choices(get_args(hint)[0])
        return f"a list of {', '.join(choices)}" if choices else "a list"
    if choices := _choices(hint):
        return f"one of {', '.join(choices)}"
    named = {int: "a whole number, 0 or more", bool: "true or false", str: "a text"}
    return named.get(hint, "a number")


def _choices(hint: Any) -> tuple[str, ...]:
    return tuple(item.value for item in hint) if hasattr(hint, "__members__") else ()


def _meant(value: Any, hint: Any) -> str:
    """Return the choices nearest to the texts that are none, "" where nothing is near."""
    choices = _choices(get_args(hint)[0] if get_origin(hint) is tuple else hint)
    texts = [text for text in (value if isinstance(value, list) else [value])
             if isinstance(text, str) and text not in choices]  # fmt: skip
    near = [match for text in texts for match in difflib.get_close_matches(text, choices, n=1)]
    return f"; did you mean {', '.join(map(repr, near))}?" if near else ""
