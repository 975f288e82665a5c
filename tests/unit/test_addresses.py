"""Where columns stand is found as NumPy says it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mppsim.plan.compiled.addresses import Finder

DTYPES: dict[str, np.dtype[Any]] = {"times": np.dtype(np.float64), "codes": np.dtype(np.int32)}


def test_columns_stand_where_numpy_says() -> None:
    times, codes, found = np.zeros(9), np.zeros(9, np.int32), np.zeros((2, 3), np.int64)
    times.setflags(write=False)
    given = (times[2:], codes)
    begins = np.array([0, 8])
    finder = Finder(DTYPES, ["codes", "none", "times"], two_rows=True)
    kept = finder.note(given, found.ctypes.data, begins.ctypes.data)
    assert kept is given
    assert found[0].tolist() == [codes.ctypes.data + 8, 0, times.ctypes.data + 16]
    assert found[1].tolist() == [-1, 0, 0]


@pytest.mark.parametrize("codes", [np.arange(6), np.arange(12, dtype=np.int32)[::2]])
def test_columns_of_another_kind_are_copied(
    codes: np.ndarray[tuple[int], np.dtype[np.int_]],
) -> None:
    found = np.zeros(2, np.int64)
    kept = Finder(DTYPES, DTYPES).note((np.zeros(6), codes), found.ctypes.data)
    assert kept[1].dtype == np.int32
    assert kept[1].tolist() == codes.tolist()
    assert found.tolist() == [column.ctypes.data for column in kept]
