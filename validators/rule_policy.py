"""Which values of policy a rule looks at, so that a school can see what it can change."""

_SIGNS = ("typeface", "alignment", "sharpness", "compression", "recapture", "software")
_LINES = ("pass_lines",)
_WINDOW = ("validity",)
_NUMBER = ("acceptance.zikao_ticket_counts_as_number",)
_SURE = ("acceptance.calibration", "acceptance.misread_target")
_SURE_WORDS = ("acceptance.calibration", "acceptance.name_misread_target")
_WAYS = ("weighting", "resit", "resit_points", "exemption", "exempt_most", "repeated_course")
_COURSES = (
    *("degree.average_line", "degree.average_courses"),
    *(f"degree.{way}" for way in _WAYS),
    "grade_points",
)
_CORE = ("degree.core_line", *(f"degree.{way}" for way in _WAYS[1:]), "grade_points")

POLICY_OF_RULES: dict[str, tuple[str, ...]] = {
    "too-many": ("intake.max_files",),
    "too-large": ("intake.max_file_bytes",),
    "type-not-allowed": ("intake.allowed_kinds",),
    "pages": ("intake.max_pages",),
    "dimensions": ("intake.max_side_px",),
    "pixels": ("intake.max_pixels",),
    "kind-not-recognised": ("acceptance.recognised",),
    "machine-accept-off": ("acceptance.machine_accept",),
    "query-page": ("acceptance.accept_query_pages",),
    "certificate-number-not-found": _NUMBER,
    "declared-number-not-printed": _NUMBER,
    "engine-not-calibrated": ("acceptance.accept_other_engine", "acceptance.calibration"),
    "readers-disagree": ("reading.second_reader",),
    "name-unclear": _SURE_WORDS,
    "course-unclear": _SURE_WORDS,
    "id-number-unclear": _SURE,
    "certificate-number-unclear": _SURE,
    "score-unclear": _SURE,
    "date-unclear": _SURE,
    "status-unclear": _SURE,
    "below-pass-line": _LINES,
    "status-contradicts-score": _LINES,
    "outside-window": _WINDOW,
    "window-unknown": _WINDOW,
    **{f"tamper-{sign}": (f"tampering.{sign}",) for sign in _SIGNS},
    "tamper-look": ("tampering",),
    "photo-differs": ("photo",),
    "average-below-line": _COURSES,
    "average-border": _COURSES,
    "average-depends": _COURSES,
    "average-not-reckoned": _COURSES,
    "core-course-below-line": _CORE,
    "core-course-border": _CORE,
    "core-course-depends": _CORE,
    "course-nature-unknown": ("degree.average_courses",),
    "student-number-shape": ("degree.student_number_pattern",),
    "candidate-number-shape": ("degree.candidate_number_pattern",),
    "answer-overdue": ("degree.answer_days",),
}
"""rule id -> keys of the policy, `section.key`, or a section as a whole. Others look at none."""
