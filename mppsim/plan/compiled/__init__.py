"""The plan drawn by compiled code: the same bits as `mppsim.plan.drawing` draws with NumPy.

A day is drawn in two passes. The first makes a row for everybody who comes, source by source, with
the time of arrival; of plain sources it draws all services too. The rows are sorted by time; the
second pass fills the columns of the visitors and of their steps, in order. What does not depend on
luck is put into tables before. Import a module of this package only where numba is there, and only
when it is about to be used.

Why this way: NumPy spends 12,000 ns a visitor on the calls for many small sources, this about 90 in
a hall of 24 tenants, and 40 in a line with 100,000 visitors. More than a third of it is Philox: two
blocks at once, of 18 instead of 20 products, take 8 ns each, one after the other 12. What was worth
it beside that, in ns of 160: plain sources column by column, with whole numbers wherever a share is
compared (35); tables by address, made without constructors, and columns that have only one value
shared by all days (30). To fetch rows before they are read halves the second pass where they are
many. A journey that is not plain is a program of operations, not a recursion, so that one loop
serves every hall. A step that a visitor may pass by is always written, and overwritten where he
does: a jump that is guessed wrong costs more.
"""
