"""What people read: tables, sentences, figures and files from a run or a comparison."""

from mppsim.report.comparison import Comparison
from mppsim.report.result import Result

__all__ = ["Comparison", "Result"]
