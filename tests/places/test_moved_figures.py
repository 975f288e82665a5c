"""Figures of an answer follow their summary, where it is clear which is meant."""

from __future__ import annotations

from support.moved_figures import with_moved_figures

BEFORE = "bank     2.0 ± 0.5   3 kept\npost     2.0 ± 0.4\n"


def test_a_figure_follows_its_row_and_column() -> None:
    after = "bank     1.8 ± 0.1   5 kept\npost    12.0 ± 0.4\n"
    answer = "They wait 2.0 ± 0.5 min at the bank, 2.0 ± 0.4 at the post; 3 kept."
    moved = "They wait 1.8 ± 0.1 min at the bank, 12.0 ± 0.4 at the post; 5 kept."
    assert with_moved_figures(answer, BEFORE, after) == moved


def test_a_figure_that_stood_in_two_rows_which_now_differ_is_left_to_the_reader() -> None:
    before = BEFORE.replace("0.4", "0.5")
    assert with_moved_figures("2.0 ± 0.5", before, BEFORE) == "2.0 ± 0.5"
