"""Thresholds of confidence, measured on labelled folders: `hedui calibrate`.

`gathering` holds what was read against the truth, `thresholds` finds from which confidence the
bound of the misread share meets the target, `making` does both, `tables` shows it. The result is a
`domain.calibration.Calibration`; docs/calibration.md says what each bound means. Nothing that was
declared is looked at.
"""
