from __future__ import annotations

import pytest
from support.halls import hall

import mppsim
from mppsim.report.files import Tables
from mppsim.scenario.errors import InputError
from mppsim.study import Job, replicate, replicate_all


def as_bytes(tables: Tables) -> dict[str, bytes]:
    return {name: table.to_csv().encode() for name, table in tables.items()}


def test_any_number_of_workers_gives_the_same_bytes_in_every_table() -> None:
    alone = as_bytes(mppsim.run(hall(), replications=7, seed=4, workers=1).tables())
    shared = as_bytes(mppsim.run(hall(), replications=7, seed=4, workers=2).tables())
    assert alone == shared
    assert len(alone) > 10


def test_objects_say_in_one_line_what_they_are() -> None:
    result = mppsim.run(hall(), replications=2, seed=9)
    comparison = mppsim.compare([hall(), hall()], replications=2)
    plan = mppsim.draw_plan(hall(), seed=9)
    assert repr(result) == "<Result 'A small hall': 2 replications, seed 9>"
    assert repr(hall()) == "<Scenario 'A small hall': 3 tenants>"
    assert repr(plan).startswith("<Plan seed 9, replication 0; visitors: mon ")
    assert max(len(repr(one)) for one in (plan, mppsim.simulate(plan), comparison)) < 120


def test_another_seed_gives_other_numbers() -> None:
    one, two = (mppsim.run(hall(), replications=3, seed=seed).waiting() for seed in (1, 2))
    assert (one["mean"] != two["mean"]).any()


def test_common_random_numbers_make_a_difference_sharper() -> None:
    job = Job(hall(), 20, seed=1)
    faster = hall(lambda spec: spec["tenants"]["bank"].update(counters=2))
    comparison = mppsim.Comparison(replicate_all([job, Job(faster, 20, seed=1)]))
    row = comparison.differences().set_index("tenant").loc["bank"]
    alone = mppsim.Result(replicate(job)).waiting().loc["bank"]
    assert row["mean_difference"] < 0
    assert row["verdict"] == "shorter"
    # Independent runs would have about the half-width of the base and more.
    assert row["mean_difference_half_width"] < alone["mean_half_width"]


def test_a_hall_compared_with_itself_does_not_differ() -> None:
    comparison = mppsim.compare([hall(), hall()], replications=3)
    assert (comparison.differences()["mean_difference"] == 0).all()


def test_progress_adds_up_to_the_replications() -> None:
    done: list[int] = []
    mppsim.run(hall(), replications=23, progress=done.append)
    assert sum(done) == 23
    assert len(done) > 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"replications": 0}, "replications: found 0; expected at least 1"),
        ({"seed": -1}, "seed: found -1"),
        ({"workers": 0}, "workers: found 0"),
        ({"engine": "fast"}, "engine: found 'fast'; expected one of auto, simpy, compiled"),
        ({"day": "sun"}, "day: found sun; expected one of mon, fri"),
    ],
)
def test_what_cannot_be_run_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        mppsim.run(hall(), **({"replications": 2} | wrong))  # type: ignore[arg-type]  # on purpose


def test_halls_with_other_days_cannot_be_paired() -> None:
    without_friday = hall(lambda spec: spec["days"].pop("fri"))
    with pytest.raises(InputError, match="found the days mon; expected mon, fri"):
        mppsim.compare([hall(), without_friday], replications=2)
    with pytest.raises(InputError, match="found 1; expected at least 2"):
        mppsim.compare([hall()], replications=2)


def test_both_leaves_out_the_tenants_that_only_one_hall_has() -> None:
    without_post = hall(lambda spec: spec["tenants"].pop("post"))
    comparison = mppsim.compare([without_post, hall()], replications=3)
    rows = comparison.differences().to_dict("index")
    before, after = (result.waiting().to_dict("index") for result in comparison.results)
    visits = sum(after[tenant]["n"] for tenant in before)
    waits = sum(after[tenant]["n"] * after[tenant]["mean"] for tenant in before)
    assert rows["both"]["mean_other"] == pytest.approx(waits / visits, rel=1e-12)  # rounding
    assert rows["all"]["mean_other"] != rows["both"]["mean_other"]
    assert rows["all"]["mean_base"] == rows["both"]["mean_base"]
