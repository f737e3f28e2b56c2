"""A check code survives how people type it, and no slip of the pen makes another code of it."""

import itertools

import pytest

from reviews.check_codes import ALPHABET, LENGTH, Malformed, is_sound, new_code, read, shown


@pytest.fixture
def code():
    return new_code()


def test_a_code_is_read_back_however_it_is_typed(code):
    assert len(code) == LENGTH
    assert read(shown(code)) == code
    assert read(f"  {shown(code).lower()} ") == code
    assert read(" ".join(code)) == code
    assert read(shown(code).replace("-", "–")) == code


def test_one_wrong_character_or_two_that_changed_places_are_noticed(code):
    slips = [code[:at] + other + code[at + 1 :] for at in range(LENGTH) for other in ALPHABET if other != code[at]]
    for one, two in itertools.combinations(range(LENGTH), 2):
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        slips.append("".join(swapped))
    assert is_sound(read(code))
    assert [slip for slip in slips if slip != code and is_sound(read(slip))] == []


@pytest.mark.parametrize("typed", ["", "7K2M", "0OIL" * 4, "Ễ" * 16, "7K2M" * 100, "<script>alert(1)</script>"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(Malformed):
        read(typed)


def test_codes_look_like_nothing_else_and_repeat_never():
    assert not set("01OIL") & set(ALPHABET)
    assert len({new_code() for _ in range(2000)}) == 2000
