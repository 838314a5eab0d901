"""Make a clean portrait of an uploaded picture: opened in the sandbox, encoded anew.

What goes into a form or report is our own JPEG, never the bytes that somebody uploaded.
"""

import cv2

from domain.faults import DocumentFault, MachineFault
from domain.policy import IntakePolicy, ReadingPolicy
from extractors.reading.decoder import decode_in_child
from extractors.reading.decoding import decode
from extractors.reading.sandbox import Limits

# 35 x 49 mm at 300 dpi, and some: more would only make files larger.
LARGEST_PX = (480, 640)
_QUALITY = 88


def portrait_of(path: str, kind: str, reading: ReadingPolicy, intake: IntakePolicy) -> bytes:
    """Return a picture as a JPEG of at most `LARGEST_PX`, b"" where it cannot be opened."""
    try:
        decoded = decode_in_child(path, kind, Limits.from_policy(reading, intake), decode)
    except (DocumentFault, MachineFault):
        return b""
    picture = decoded.pages[0].picture
    height, width = picture.shape[:2]
    scale = min(1.0, LARGEST_PX[0] / width, LARGEST_PX[1] / height)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        smaller = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    else:
        smaller = picture
    done, encoded = cv2.imencode(".jpg", smaller, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return encoded.tobytes() if done else b""
