"""Generated pictures."""

import re
from xml.etree import ElementTree

import pytest

from app.lib.avatars import identicon

SVG = "{http://www.w3.org/2000/svg}"


def squares(name):
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h10", identicon(name))}


def test_a_name_always_has_the_same_picture():
    assert identicon("ann") == identicon("ann")


def test_names_that_differ_in_case_only_are_one_person():
    assert identicon("Ann") == identicon("ann")


def test_names_are_told_apart():
    assert len({identicon(f"user{number}") for number in range(200)}) == 200


@pytest.mark.parametrize("name", ["ann", "", "<script>alert(1)</script>", "\ud83d\ude00", "é" * 99])
def test_the_picture_is_an_svg_of_two_shapes_whatever_the_name(name):
    name = name.encode("utf-16", "surrogatepass").decode("utf-16")
    picture = ElementTree.fromstring(identicon(name))
    assert picture.tag == f"{SVG}svg"
    assert [child.tag for child in picture] == [f"{SVG}path"] * 2


def test_the_two_halves_mirror_each_other():
    for name in ("ann", "bob", "cy", "dora"):
        mirrored = {(60 - 10 - x, y) for x, y in squares(name)}
        assert squares(name) == mirrored


def test_white_shapes_stand_out_from_the_background():
    """WCAG 2.2, 1.4.11: at least 3 to 1."""
    for name in map(str, range(300)):
        red, green, blue = re.search(r"#(..)(..)(..)", identicon(name)).groups()
        assert 1.05 / (luminance(red, green, blue) + 0.05) >= 3


def luminance(*channels):
    linear = []
    for channel in channels:
        value = int(channel, 16) / 255
        linear.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
