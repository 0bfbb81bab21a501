"""Sums about words and looks: no Django here."""

import math
import re
from dataclasses import dataclass

HIGHEST_CHROMA = 0.12  # more than this and no lightness keeps 7:1 in every hue
THREAD = 0.62  # oklch lightness of threads and drawings, which are never words
READABLE = 7.0  # contrast that every reader can read by, WCAG AAA
_HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


class NotAColour(ValueError):
    """What was typed is not a colour like #6f2453."""


@dataclass(frozen=True)
class Scheme:
    """Lightness and highest chroma that a scheme gives to the accent and its tint, and the grounds words stand on."""

    accent: tuple[float, float]
    tint: tuple[float, float]
    grounds: tuple[tuple[float, float, float], ...]  # lightness, chroma, hue


# As in tokens.css and dark.css: sunk and on-accent by day, surface and on-accent in the evening.
DAY = Scheme((0.39, 0.12), (0.955, 0.022), ((0.957, 0.009, 65), (0.995, 0.003, 80)))
EVENING = Scheme((0.83, 0.075), (0.3, 0.035), ((0.245, 0.019, 335), (0.2, 0.02, 345)))


@dataclass(frozen=True)
class Accent:
    """What is kept of an agency's colour: its hue in degrees and its oklch chroma. Lightness is ours."""

    hue: int
    chroma: float


def _cube_root(value: float) -> float:
    return value ** (1 / 3)


def _linear(channel: str) -> float:
    value = int(channel, 16) / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def accent(typed: str) -> Accent:
    """Return hue and chroma of ``typed``, its chroma capped. Raises NotAColour."""
    found = _HEX.fullmatch(typed)
    if not found:
        raise NotAColour(typed)
    r, g, b = map(_linear, found.groups())
    long = _cube_root(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = _cube_root(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = _cube_root(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    red_green = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
    hue = round(math.degrees(math.atan2(blue_yellow, red_green))) % 360
    return Accent(hue=hue, chroma=round(min(math.hypot(red_green, blue_yellow), HIGHEST_CHROMA), 3))


def light_of(lightness: float, chroma: float, hue: float) -> float:
    """Return the relative luminance of an oklch colour; what no screen can show is clipped, as browsers do."""
    red, green, blue = rgb_of(lightness, chroma, hue)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rgb_of(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Return an oklch colour as linear red, green and blue from 0 to 1."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    red, green, blue = (min(1.0, max(0.0, value)) for value in channels)
    return red, green, blue


def contrast(one: float, two: float) -> float:
    """Return the WCAG contrast of two luminances, from 1 to 21."""
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


def to_hex(lightness: float, chroma: float, hue: float) -> str:
    """Return an oklch colour as #rrggbb, for paper and e-mail, which know nothing else."""

    def byte(value: float) -> int:
        curved = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        return round(255 * curved)

    return "#{:02x}{:02x}{:02x}".format(*map(byte, rgb_of(lightness, chroma, hue)))


def weakest_contrast(brand: Accent) -> float:
    """Return the least contrast that words in the accent, or on it, have in either scheme."""
    ratios = []
    for scheme in (DAY, EVENING):
        lightness, most = scheme.accent
        fore = light_of(lightness, min(brand.chroma, most), brand.hue)
        tint = light_of(scheme.tint[0], min(brand.chroma, scheme.tint[1]), brand.hue)
        ratios += [contrast(fore, tint), *(contrast(fore, light_of(*ground)) for ground in scheme.grounds)]
    return min(ratios)


@dataclass(frozen=True)
class Shades:
    """The accent as #rrggbb: for words and fills, for threads, and for words and fills in the evening."""

    deep: str
    thread: str
    evening: str


def shades(brand: Accent) -> Shades:
    """Return the accent for what knows no oklch: e-mail and paper."""
    return Shades(
        deep=to_hex(DAY.accent[0], brand.chroma, brand.hue),
        thread=to_hex(THREAD, brand.chroma, brand.hue),
        evening=to_hex(EVENING.accent[0], min(brand.chroma, EVENING.accent[1]), brand.hue),
    )
