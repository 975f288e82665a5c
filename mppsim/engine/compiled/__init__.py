"""The compiled engine: the functions of the SimPy engine under the same names, on tables."""
