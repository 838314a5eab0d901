"""What stands on a certificate besides text: seals, photos, codes, guilloche, frames, SPECIMEN."""

import math
import random
from functools import partial

import numpy
import zxingcpp
from PIL import Image, ImageDraw

from benchmarks.samples.drawing import Colour, Sheet
from benchmarks.samples.fonts import face_for

VERIFY_ADDRESS = "https://ecert.neea.edu.cn/verify.htm"
# The official code is padded with blanks to this length, which makes it a version 13 symbol.
PADDED_CODE_LENGTH = 368
_OVERSAMPLING = 2


def make_seal(
    rng: random.Random, *, words: str, diameter_px: int, colour: Colour, family: str
) -> Image.Image:
    """Draw a round seal with a star, as if pressed by hand: turned a little, ink uneven."""
    side = diameter_px * _OVERSAMPLING
    seal = Image.new("RGBA", (side, side), (*colour, 0))
    draw = ImageDraw.Draw(seal)
    ring = max(2, side // 42)
    draw.ellipse((ring, ring, side - ring, side - ring), outline=(*colour, 255), width=ring)
    draw.polygon(_star(side / 2, side / 2, side * 0.15), fill=(*colour, 255))
    size = max(8, round(side * min(0.13, 1.9 / max(len(words), 8))))
    spread = min(270.0, 26.0 * len(words))
    for number, character in enumerate(words):
        angle = -spread / 2 + spread * number / max(1, len(words) - 1)
        _put_around(seal, character, angle, size, side, colour, family)
    turned = seal.rotate(rng.uniform(-14, 14), Image.Resampling.BICUBIC)
    small = turned.resize((diameter_px, diameter_px), Image.Resampling.LANCZOS)
    noise = numpy.random.default_rng(rng.getrandbits(32))
    strength = rng.uniform(0.45, 0.75)
    worn = noise.normal(strength, 0.08, (diameter_px, diameter_px)).clip(0.2, 0.9)
    alpha = numpy.asarray(small.getchannel("A")) * worn
    small.putalpha(Image.fromarray(alpha.astype(numpy.uint8)))
    return small


def _put_around(
    seal: Image.Image,
    character: str,
    angle: float,
    size: int,
    side: int,
    colour: Colour,
    family: str,
) -> None:
    tile = Image.new("RGBA", (size * 2, size * 2), (*colour, 0))
    font = face_for(character, family, "", bold=True, embeddable=False).at(size)
    ImageDraw.Draw(tile).text((size, size), character, font=font, fill=(*colour, 255), anchor="mm")
    tile = tile.rotate(-angle, Image.Resampling.BICUBIC)
    radius = side / 2 - size * 1.05
    x = side / 2 + radius * math.sin(math.radians(angle)) - size
    y = side / 2 - radius * math.cos(math.radians(angle)) - size
    seal.alpha_composite(tile, (max(0, round(x)), max(0, round(y))))


def _star(centre_x: float, centre_y: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.382
        angle = math.pi * number / 5
        corners.append((centre_x + reach * math.sin(angle), centre_y - reach * math.cos(angle)))
    return corners


def make_photo(rng: random.Random, *, width_px: int, height_px: int, sex: str) -> Image.Image:
    """Draw a portrait photo that is a mere silhouette, so that it shows nobody."""
    background = rng.choice(((70, 130, 190), (235, 238, 240), (190, 60, 60), (150, 175, 200)))
    photo = Image.new("RGB", (width_px, height_px), background)
    draw = ImageDraw.Draw(photo)
    skin, hair = (
        rng.choice(((226, 190, 165), (215, 178, 150))),
        rng.choice(((30, 26, 24), (60, 44, 36))),
    )
    shirt = rng.choice(((245, 245, 245), (60, 64, 80), (110, 130, 150), (150, 60, 70)))
    centre, head = width_px / 2, width_px * rng.uniform(0.21, 0.25)
    face_y = height_px * 0.42
    draw.ellipse(
        (centre - width_px * 0.46, height_px * 0.72, centre + width_px * 0.46, height_px * 1.4),
        fill=shirt,
    )
    length = head * (1.9 if sex == "女" else 0.4)
    draw.ellipse(
        (centre - head * 1.2, face_y - head * 1.55, centre + head * 1.2, face_y + length), fill=hair
    )
    draw.rectangle(
        (centre - head * 0.4, face_y + head, centre + head * 0.4, height_px * 0.76), fill=skin
    )
    draw.ellipse(
        (centre - head, face_y - head * 1.15, centre + head, face_y + head * 1.35), fill=skin
    )
    draw.pieslice(
        (centre - head * 1.1, face_y - head * 1.5, centre + head * 1.1, face_y + head * 0.5),
        180,
        360,
        fill=hair,
    )
    draw.rectangle((0, 0, width_px - 1, height_px - 1), outline=(120, 120, 120))
    return photo


def make_code(rng: random.Random, *, side_px: int, address: str = VERIFY_ADDRESS) -> Image.Image:
    """Make a QR code with a random token behind the verification address."""
    token = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=40))
    words = f"{address}?{token}".ljust(PADDED_CODE_LENGTH)
    barcode = zxingcpp.create_barcode(words, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    pixels = numpy.asarray(zxingcpp.write_barcode_to_image(barcode, scale=4))
    return (
        Image.fromarray(pixels).convert("RGB").resize((side_px, side_px), Image.Resampling.LANCZOS)
    )


def make_guilloche(
    rng: random.Random, *, size_px: tuple[int, int], scale: float, paper: Colour, colour: Colour
) -> Image.Image:
    """Draw a light pattern of waves, as security paper has."""
    width_px, height_px = size_px
    layer = Image.new("RGB", size_px, paper)
    draw = ImageDraw.Draw(layer)
    step, amplitude = scale * rng.uniform(2.0, 4.5), scale * rng.uniform(2, 7)
    wave, phase = rng.uniform(0.006, 0.02), rng.uniform(0, 6)
    light = _blend(colour, paper, rng.uniform(0.10, 0.22))
    xs = numpy.arange(0, width_px + 12, 12)
    for number in range(-4, round(height_px / step) + 4):
        ys = number * step + amplitude * numpy.sin(xs * wave + phase + number * 0.21)
        draw.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=light)
        ys = number * step - amplitude * numpy.sin(xs * wave * 0.77 + phase - number * 0.17)
        draw.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=light)
    return layer


def add_guilloche(sheet: Sheet, rng: random.Random, *, colour: Colour) -> None:
    """Cover the sheet with a guilloche."""
    make = partial(
        make_guilloche,
        size_px=sheet.size_px,
        scale=sheet.scale,
        paper=sheet.paper,
        colour=colour,
    )
    sheet.place(make, rng, 0, 0, sheet.size_px)


def add_frame(sheet: Sheet, rng: random.Random, *, colour: Colour, margin: float = 5.0) -> None:
    """Draw a double frame along the edge."""
    gap = rng.uniform(1.2, 2.4)
    right, bottom = sheet.width - margin, sheet.height - margin
    sheet.rectangle(margin, margin, right, bottom, outline=colour, width=rng.uniform(0.5, 1.2))
    if rng.random() < 0.7:
        sheet.rectangle(
            margin + gap, margin + gap, right - gap, bottom - gap, outline=colour, width=0.25
        )


def add_seal(
    sheet: Sheet, rng: random.Random, words: str, centre_x: float, centre_y: float, diameter: float
) -> None:
    """Press a red seal around a point, over whatever is printed there."""
    colour = rng.choice(((200, 30, 36), (214, 48, 40), (180, 24, 48)))
    diameter_px = round(diameter * sheet.scale)
    sheet.place(
        partial(
            make_seal,
            words=words,
            diameter_px=diameter_px,
            colour=colour,
            family=sheet.lettering.title,
        ),
        rng,
        centre_x - diameter / 2 + rng.uniform(-2, 2),
        centre_y - diameter / 2 + rng.uniform(-1.5, 1.5),
        (diameter_px, diameter_px),
    )


def add_photo(
    sheet: Sheet, rng: random.Random, x: float, y: float, width: float, height: float, *, sex: str
) -> None:
    """Place a silhouette photo."""
    size_px = round(width * sheet.scale), round(height * sheet.scale)
    make = partial(make_photo, width_px=size_px[0], height_px=size_px[1], sex=sex)
    sheet.place(make, rng, x, y, size_px, solid=True)


def add_code(sheet: Sheet, rng: random.Random, x: float, y: float, side: float) -> None:
    """Place a QR code with the verification address."""
    side_px = round(side * sheet.scale)
    sheet.place(partial(make_code, side_px=side_px), rng, x, y, (side_px, side_px), solid=True)


def mark_specimen(sheet: Sheet, rng: random.Random, *places: tuple[float, float]) -> None:
    """Print SPECIMEN 样张 small and light at left-top corners that hold no value."""
    shade = rng.randint(170, 205)
    for x, y in places:
        words = rng.choice(("SPECIMEN 样张", "样张 SPECIMEN", "SPECIMEN"))
        sheet.write(x, y, words, sheet.width * 0.012, colour=(shade, shade, shade))


def _blend(colour: Colour, paper: Colour, share: float) -> Colour:
    mixed = [round(p + (c - p) * share) for c, p in zip(colour, paper, strict=True)]
    return mixed[0], mixed[1], mixed[2]
