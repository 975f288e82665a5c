"""The plan drawn by compiled code: the same bits as `mppsim.plan.drawing` draws with NumPy.

A day is drawn in two passes. The first makes a row for everybody who comes, source by source, with
the time of arrival; the rows are sorted by time; the second fills the columns of the visitors and
of their steps, in order. What does not depend on luck is put into tables before. Import a module of
this package only where numba is there, and only when it is about to be used.

Why this way: NumPy spends 12,000 ns a visitor on the calls for many small sources, this about 150.
Philox takes 10 of them a block. A journey is a program of operations, not a recursion, so that one
loop serves every hall. A step that a visitor may pass by is always written, and overwritten
where he does: a jump that is guessed wrong costs more.
"""
