"""Summaries by compiled code: the same bits as `mppsim.measure.summary` computes with NumPy.

One pass over the rows of a day, right after it was simulated, adds them to the columns of the
summary and notes the stays in lines and zones; a second one, over these, counts the paths. Import a
module of this package only where numba is there, and only when it is about to be used.

Why this way: NumPy passes some hundred times over columns that do not fit beside the processor;
this takes a third of the time on a hall's usual day (170 instead of 530 ns a visitor, both measured
on a busy machine), a tenth where all wait in one line, and a quarter in a hall with every feature.
The tables are those of pointers, not arrays of numba: they compile in half the time, and are loaded
in a tenth.
"""
