"""Formulas with their sources, for the instant estimate and for the tests."""
