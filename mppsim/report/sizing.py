"""The answer to `size`: crews and seats, what they keep, and what one more or less would do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mppsim.measure.inference import ratio
from mppsim.report import files, wording
from mppsim.report.answers import Origin, answer_html, origin_of, write_answer
from mppsim.scenario import Scenario, duty_spans
from mppsim.scenario.crews import named_counters
from mppsim.scenario.places import place_of
from mppsim.study.descent import Rungs
from mppsim.study.experiments import Facts
from mppsim.study.seats import seats_needed
from mppsim.study.shift_cover import HALF_HOUR
from mppsim.study.sizing import TESTS_EACH, Sized, cost_at

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

KEPT, LEFT_OPEN, OUT_OF_REACH = "kept", "left open", "out of reach"
"""`left open`: so near its bound that the most replications did not decide it."""


@dataclass(frozen=True, eq=False)
class Sizing:
    """The cheapest crews that were found, and their evidence.

    Tables are data frames; a column `x_half_width` is half of the 95 % interval of `x`.
    """

    study: Sized

    @property
    def hall(self) -> Scenario:
        """The hall with the crews and seats that were found."""
        seats = self.seats()
        zones = {
            name: zone.model_copy(update={"seats": int(needed)}) if needed >= 0 else zone
            for (name, zone), needed in zip(
                self.study.hall.zones.items(), seats["needed"].fillna(-1), strict=True
            )
        }
        return self.study.sized.model_copy(update={"zones": zones})

    @property
    def is_met(self) -> bool:
        """Whether every bound is kept, at every zone too."""
        out_of_reach = {bound.station for bound in self.study.bounds} & self.study.descent.stuck
        fixed = self._verdicts()
        return not out_of_reach and OUT_OF_REACH not in fixed and not self._zones_without_seats()

    @property
    def cost(self) -> float:
        """What the crews that were found cost."""
        return cost_at(self.study.ladders, self.study.descent.rungs)

    @property
    def cost_now(self) -> float | None:
        """What the hall's own crews cost; None where one of them stands on no rung."""
        now = {name: ladder.now for name, ladder in self.study.ladders.items()}
        known = {name: rung for name, rung in now.items() if rung is not None}
        return cost_at(self.study.ladders, known) if len(known) == len(now) else None

    def counters(self) -> pd.DataFrame:
        """Return one row a station: its counters now and as found, and the crew as a text."""
        import pandas as pd

        rows = []
        for name, ladder in self.study.ladders.items():
            rung = ladder.rungs[self.study.descent.rungs[name]]
            rows.append(
                {
                    "station": name,
                    "now": len(named_counters(place_of(self.study.hall, name).counters)),
                    "needed": len(named_counters(rung.crew)),
                    "crew": rung.label,
                    "cost": rung.cost,
                }
            )
        return pd.DataFrame(rows, index=[row["station"] for row in rows])

    def bounds(self) -> pd.DataFrame:
        """Return one row a bound: its value as found, and with one rung less and one more.

        verdict: 'kept', 'left open' (so near the bound that the most replications did not decide)
        or 'out of reach' (no number of counters is enough, or the station's counters are not plain
        numbers and do not suffice). n: replications of the hall as found.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for number, (bound, verdict) in enumerate(
            zip(self.study.bounds, self._verdicts(), strict=True)
        ):
            row: dict[str, Any] = {
                "place": bound.label,
                "station": bound.station,
                "bound": bound.goal.text,
                "n": len(self.study.facts[""].count),
                "verdict": verdict,
            }
            for name, facts in self._around(bound.station).items():
                row[name], row[f"{name}_half_width"] = _estimate(facts, number)
            rows.append(row)
        return pd.DataFrame(rows, index=[f"{row['place']} {row['bound']}" for row in rows])

    def rosters(self) -> pd.DataFrame:
        """Return how many counters each station has in every half hour; by its roster, if any."""
        import pandas as pd

        hall, rows = self.study.sized, []
        weekday = max(hall.days, key=lambda day: hall.days[day].demand)
        day = hall.days[weekday]
        for name, ladder in self.study.ladders.items():
            spans = [span for one in duty_spans(hall, weekday, name) for span in one]
            for start in np.arange(day.open, day.close, HALF_HOUR):
                on_duty = sum(span.start <= start < span.end for span in spans)
                rows.append({"station": ladder.station, "time": start, "counters": on_duty})
        return pd.DataFrame(rows)

    def seats(self) -> pd.DataFrame:
        """Return one row a zone: its seats now, and the least that keep its bounds.

        `needed` is empty where nothing is asked of a zone, or too few days are known.
        """
        import pandas as pd

        crowd, confidence = self.study.facts[""].crowd, self.study.rules.confidence
        asked = [goals for goals in self.study.standing.values() if goals]
        each = 1 - (1 - confidence) / max(len(asked), 1)
        rows = []
        for number, (zone, goals) in enumerate(self.study.standing.items()):
            needed = seats_needed(crowd[:, :, number], goals, each) if goals else None
            rows.append(
                {
                    "zone": zone,
                    "now": self.study.hall.zones[zone].seats,
                    "needed": np.nan if needed is None else needed,
                    "bound": "; ".join(goal.text for goal in goals),
                    "largest_crowd": float(crowd[:, :, number].max()),
                }
            )
        return pd.DataFrame(rows, index=[row["zone"] for row in rows])

    def frontier(self) -> pd.DataFrame:
        """Return halls from cheap and slow to dear and quick: what a higher cost buys.

        waiting_hours: time in line a day, of all visitors at all stations; broken: bounds that the
        hall would miss; against: what is different from the hall that was found (`is_found`).
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        n_days = self.study.facts[""].crowd.shape[1]
        for at, facts in self.study.frontier:
            days = np.full((len(facts.minutes), 1), float(n_days))
            minutes = facts.minutes.sum(axis=1, keepdims=True)
            mean = ratio(minutes, facts.joined.sum(axis=1, keepdims=True))
            hours = ratio(minutes / 60, days)
            rows.append(
                {
                    "cost": cost_at(self.study.ladders, at),
                    "mean_wait": mean.value[0],
                    "mean_wait_half_width": mean.half_width[0],
                    "waiting_hours": hours.value[0],
                    "waiting_hours_half_width": hours.half_width[0],
                    "broken": int((facts.amount.sum(axis=0) < 0).sum()),
                    "is_found": at == self.study.descent.rungs,
                    "against": _against(at, self.study.descent.rungs),
                }
            )
        return pd.DataFrame(rows)

    @property
    def guarantee(self) -> str:
        """What is certain, with which probability, and what is assumed."""
        rules = self.study.rules
        return (
            f"With a confidence of {100 * rules.confidence:g} %, all together: every bound that is "
            "called kept is kept; and with one counter less a station would miss it, or keep it "
            f"by less than {100 * rules.indifference:g} % of its visitors (at most half of those "
            "who may wait longer; a tenth of a bound in minutes). Fully sequential feasibility "
            "tests of Andradottir and Kim (2010), for replications that are independent and about "
            f"normal; up to {TESTS_EACH} crews of each station are allowed for. The cheapest is "
            "meant station by station, each given the others."
        )

    def plot(self) -> Figure:
        """Draw the frontier: what waiting is left at what cost."""
        from mppsim.report.drawing import figure_of
        from mppsim.report.figures_sizing import frontier_chart

        return figure_of(frontier_chart(self))

    def overlay(self) -> dict[str, Any]:
        """Return what changes in the scenario file, as an overlay for its `extends`."""
        found: dict[str, Any] = {}
        whole = self.study.sized.model_dump(mode="json")
        for name, ladder in self.study.ladders.items():
            if self.study.descent.rungs[name] != ladder.now:
                kind = "stations" if name in self.study.hall.stations else "tenants"
                changed = {"counters": _as_written(whole[kind][name]["counters"])}
                found.setdefault(kind, {})[name] = changed
        for zone, row in self.seats().iterrows():
            if row["needed"] >= 0 and row["needed"] != row["now"]:
                found.setdefault("zones", {})[zone] = {"seats": int(row["needed"])}
        return found

    def to_yaml(self, path: str | Path) -> None:
        """Write the hall that was found, as an overlay of the file that was sized."""
        from ruamel.yaml import YAML

        base = self.study.hall._path
        name = f"{self.study.hall.name}, sized"
        extends = {} if base is None else {"extends": str(Path(base).resolve())}
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            YAML().dump({**extends, "name": name, **self.overlay()}, file)

    def tables(self) -> files.Tables:
        """Return every table that is written out, by name."""
        return {
            "counters": self.counters(),
            "bounds": self.bounds(),
            "rosters": self.rosters(),
            "seats": self.seats(),
            "frontier": self.frontier(),
        }

    def to_csv(self, folder: str | Path) -> None:
        """Write each table as a CSV file into a folder, which is made if need be."""
        files.write_csv(self.tables(), folder)

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.sizing_text import sizing_headline, sizing_sections

        n = wording.counted(len(self.study.facts[""].count), "replication")
        subtitle = f"{wording.sentence(n)} of the hall that was found; all meet the same visitors."
        headline, sections = sizing_headline(self), sizing_sections(self)
        write_answer(path, self.study.hall.name, subtitle, headline, sections, self._origin())

    def to_json(self) -> str:
        """Return the answer and all tables as strict JSON."""
        about = {"is_met": self.is_met, "cost": self.cost, "guarantee": self.guarantee}
        about |= {"overlay": self.overlay(), "provenance": self._origin()}
        return files.json_text(about, self.tables())

    def __repr__(self) -> str:
        met = "met" if self.is_met else "not met"
        return f"<Sizing of {self.study.hall.name!r}: {met}, cost {self.cost:g}>"

    def _origin(self) -> Origin:
        rules = self.study.rules
        return origin_of(
            self.study.job,
            confidence=rules.confidence,
            indifference=rules.indifference,
            most=rules.most,
        )

    def _repr_html_(self) -> str:
        from mppsim.report.sizing_text import bounds_caption, bounds_table, sizing_headline

        caption = bounds_caption(self)
        return answer_html(self.study.hall.name, sizing_headline(self), bounds_table(self), caption)

    def _verdicts(self) -> list[str]:
        facts, found = self.study.facts[""], []
        for number, bound in enumerate(self.study.bounds):
            is_free = bound.station in self.study.ladders
            is_kept = bool(facts.amount[:, number].sum() >= 0)
            if bound.station in self.study.descent.stuck or not (is_free or is_kept):
                found.append(OUT_OF_REACH)
            else:
                found.append(LEFT_OPEN if bound.label in self.study.undecided else KEPT)
        return found

    def _around(self, station: str) -> dict[str, Facts | None]:
        level = next((n for n, group in enumerate(self.study.levels) if station in group), None)
        facts, at = self.study.facts, self.study.descent.rungs.get(station, 0)
        return {
            "value": facts[""],
            "one_less": facts[f"-{level}"] if level is not None and at > 0 else None,
            "one_more": facts[f"+{level}"] if level is not None else None,
        }

    def _zones_without_seats(self) -> bool:
        seats = self.seats()
        return bool(((seats["bound"] != "") & seats["needed"].isna()).any())


def _estimate(facts: Facts | None, number: int) -> tuple[float, float]:
    if facts is None:
        return np.nan, np.nan
    found = ratio(facts.total[:, [number]], facts.count[:, [number]])
    return float(found.value[0]), float(found.half_width[0])


def _against(at: Rungs, found: Rungs) -> str:
    """Return differences of rungs as '+1: bank, tax; -1: kiosk'."""
    by_step: dict[int, list[str]] = {}
    for name, rung in at.items():
        if rung != found[name]:
            by_step.setdefault(rung - found[name], []).append(name)
    return "; ".join(f"{step:+d}: {', '.join(names)}" for step, names in sorted(by_step.items()))


def _as_written(crew: Any) -> Any:
    """Return a crew without what every counter has by default."""
    if not isinstance(crew, dict):
        return crew
    return {name: {"shifts": one["shifts"]} for name, one in crew.items()}
