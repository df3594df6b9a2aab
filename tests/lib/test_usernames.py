"""Which names there may be."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.usernames import LONGEST, PATTERN, is_reserved


def is_allowed(name):
    return re.match(PATTERN, name) is not None


@pytest.mark.parametrize("name", ["a", "Z", "ann", "Ann.Smith", "ann_smith", "a1", "a.", "a__.."])
def test_letters_numbers_dots_and_underscores_make_a_name(name):
    assert is_allowed(name)


@pytest.mark.parametrize(
    "name",
    ["", "1ann", "_ann", ".ann", "ann smith", "ann-smith", "ann\n", "\nann", "ann\0", "änn",
     "а", "ａｄｍｉｎ", "ann\u202e", "ann\u200b", "a/b", "a?b", "a%b", "<ann>"],
)  # fmt: skip
def test_anything_else_is_no_name(name):
    assert not is_allowed(name)


@settings(database=None)
@given(st.text())
def test_a_name_is_ascii_to_its_very_end(name):
    assert is_allowed(name) == bool(re.fullmatch("[A-Za-z][A-Za-z0-9_.]*", name, re.ASCII))


def test_the_longest_name_fits_its_column():
    assert LONGEST == 64


@pytest.mark.parametrize(
    "name",
    "admin root api static moderator moderators support security me www administrator auth "
    "login logout register user users post posts comment follow followers flasky webmaster "
    "postmaster hostmaster abuse null undefined anonymous settings help about".split(),
)
def test_names_of_the_site_and_its_staff_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["ADMIN", "Admin", "ad.min", "a_d_m_i_n", "admin_", "r.o.o.t."])
def test_case_dots_and_underscores_do_not_hide_a_reserved_name(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["ann", "administrata", "rooty", "apiarist"])
def test_other_names_are_free(name):
    assert not is_reserved(name)
