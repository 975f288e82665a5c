from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mppsim.scenario import (
    Scenario,
    ScenarioError,
    load_scenario,
    parse_scenario,
    scenario_json_schema,
)
from mppsim.scenario.distributions import Law, Lognormal
from mppsim.scenario.durations import Span
from mppsim.scenario.tables import LAW_NAMES
from mppsim.scenario.yaml_files import parse_yaml

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLACES = [folder for folder in SCENARIOS.iterdir() if folder.name not in ("invalid", "studies")]
SHIPPED = [path for folder in PLACES for path in sorted(folder.glob("[!_]*.yaml"))]

HALL = """\
name: A small hall
days:
  mon: {open: "08:00", close: "15:00", breaks: ["12:00-13:00"]}
arrivals:
  profile: {"10:00": 0.5, "8:00": 0.5}
visitors:
  patience: {lognormal: {median: 60 min, cv: 0.8}}
zones: {main: {seats: 20}}
tenants:
  tax:
    zone: main
    counters: 2
    visitors_per_day: 60
    quota: 50
    services:
      pay: {service: {exponential: {mean: 5 min}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")
    return tmp_path


def overlay(text: str, base: str = "hall.yaml", name: str = "overlay.yaml") -> str:
    Path(name).write_text(f"extends: {base}\n{text}", encoding="utf-8")
    return name


def test_folded_text_is_a_line_of_words(folder: Path) -> None:
    text = "description: >-\n  One line\n  and another.\n\n  A paragraph.\n"
    assert load_scenario(overlay(text)).description == "One line and another.\nA paragraph."


def refusal_of(source: Any) -> str:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(source)
    return str(refused.value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_are_read_back_from_their_own_dump(path: Path) -> None:
    hall = load_scenario(path)
    assert parse_scenario(hall.model_dump(mode="json")).digest() == hall.digest()


def test_a_map_says_what_a_file_would_say(folder: Path) -> None:
    (folder / "services.csv").write_text("service,law,mean\npay,exponential,5 min\n")
    change = {"name": "More", "tenants": {"tax": {"counters": 3, "services": "services.csv"}}}
    text = "name: More\ntenants: {tax: {counters: 3, services: services.csv}}"
    for base in ("hall.yaml", Path("hall.yaml")):
        from_map = load_scenario({"extends": base, **change})
        assert from_map.digest() == load_scenario(overlay(text)).digest()


def test_a_map_is_refused_by_path_as_there_is_no_line(folder: Path) -> None:
    no_counters = {"extends": "hall.yaml", "tenants": {"tax": {"counters": 0}}}
    assert refusal_of(no_counters).startswith("tenants.tax.counters: found 0; expected a whole")
    assert refusal_of({"extends": 3}).startswith("extends: found 3; expected the path")


def test_maps_merge_lists_replace_and_null_removes(folder: Path) -> None:
    hall = load_scenario(
        overlay('tenants: {tax: {counters: 3, quota: null}}\ndays: {mon: {breaks: ["9:00-9:30"]}}')
    )
    assert hall.tenants["tax"].counters == 3
    assert hall.tenants["tax"].quota is None
    assert hall.tenants["tax"].visitors_per_day == 60
    assert hall.days["mon"].breaks == (Span(540, 570),)


def test_overlays_follow_each_other_from_folder_to_folder(folder: Path) -> None:
    (folder / "later").mkdir()
    overlay("tenants: {tax: {counters: 3, quota: 40}}", name="one.yaml")
    two = overlay("tenants: {tax: {counters: 4}}", base="../one.yaml", name="later/two.yaml")
    tax = load_scenario(two).tenants["tax"]
    assert (tax.counters, tax.quota) == (4, 40)


def test_an_overlay_that_names_all_classes_sets_their_order(folder: Path) -> None:
    overlay("visitors: {classes: {priority: 0.2, regular: 0.8}}", name="one.yaml")
    three = "visitors: {classes: {priority: 0.1, elderly: 0.1, regular: 0.8}}"
    some = "visitors: {classes: {elderly: 0.1, regular: 0.7}}"
    orders = [
        list(load_scenario(overlay(text, base="one.yaml", name="two.yaml")).visitors.classes)
        for text in (three, some)
    ]
    assert orders == [["priority", "elderly", "regular"], ["priority", "regular", "elderly"]]


def test_a_law_replaces_a_law_as_a_whole(folder: Path) -> None:
    hall = load_scenario(
        overlay(
            "visitors: {patience: {lognormal: {mean: 45 min, cv: 0.5}}}\n"
            "tenants: {tax: {services: {pay: {service: {lognormal: {mean: 4 min, cv: 1.0}}}}}}"
        )
    )
    patience, service = hall.visitors.patience, hall.tenants["tax"].services["pay"].service
    assert isinstance(patience, Lognormal)
    assert patience.median is None
    assert isinstance(service, Lognormal)


def test_zones_named_like_laws_still_merge(folder: Path) -> None:
    overlay("zones: {gamma: {seats: 5}}", name="one.yaml")
    hall = load_scenario(overlay("zones: {uniform: {seats: 5}}", base="one.yaml"))
    assert list(hall.zones) == ["main", "gamma", "uniform"]


def test_every_law_is_known_to_overlays_and_tables() -> None:
    assert {name for name, _ in get_args(Law)[1].models} == LAW_NAMES


def test_a_day_s_own_keys_win_over_those_of_its_type(folder: Path) -> None:
    days = "day_types: {busy: {open: '07:00', close: '16:00', demand: 1.3}}\n"
    hall = load_scenario(overlay(days + "days: {tue: {type: busy, close: '14:00'}}"))
    tuesday = hall.days["tue"]
    assert (tuesday.open, tuesday.close, tuesday.demand) == (420, 840, 1.3)
    assert tuesday.type == "busy"


def test_what_all_days_of_a_type_get_wrong_is_said_once(folder: Path) -> None:
    days = "day_types:\n  busy: {open: 8, close: '15:00'}\ndays: {tue: {type: busy}}"
    assert refusal_of(overlay(days)).splitlines() == [
        "overlay.yaml:3: day_types.busy.open: found 8; expected a time of day such as '08:00'"
    ]


SERVICES = """\
service,name,share,law,mean,cv,phases,value,promise
pay,Pay a tax,0.25,lognormal,5 min,0.5,,,10 min
ask,,0.25,erlang,90 s,,3,,
,,,,,,,,
form,,0.5,constant,,,,45 s,
"""
SAME = """{
  pay: {name: Pay a tax, share: 0.25, service: {lognormal: {mean: 5 min, cv: 0.5}},
        promise: {wait: 10 min}},
  ask: {share: 0.25, service: {erlang: {mean: 90 s, phases: 3}}},
  form: {share: 0.5, service: {constant: 45 s}}}"""


@pytest.mark.parametrize("separator", [",", ";"])
def test_services_from_a_table_are_those_written_in_full(folder: Path, separator: str) -> None:
    table = "\ufeff" + SERVICES.replace(",", separator).replace("\n", "\r\n")
    Path("services.csv").write_text(table, encoding="utf-8", newline="")
    new = "tenants: {bank: {zone: main, counters: 1, visitors_per_day: 9, services: %s}}"
    from_table = load_scenario(overlay(new % "services.csv"))
    in_full = load_scenario(overlay(new % SAME))
    assert from_table.tenants == in_full.tenants


def test_a_table_of_several_tenants_gives_each_its_own_rows(folder: Path) -> None:
    rows = (
        "tenant,service,share,law,mean\ntax,pay,1,exponential,5 min\nbank,pay,1,exponential,4 min\n"
    )
    Path("services.csv").write_text(rows, encoding="utf-8")
    tenant = "{zone: main, counters: 1, visitors_per_day: 9, services: services.csv}"
    tenants = load_scenario(overlay(f"tenants: {{tax: {tenant}, bank: {tenant}}}")).tenants
    laws = [tenants[name].services["pay"].service.model_dump() for name in ("tax", "bank")]
    assert laws == [{"mean": 5}, {"mean": 4}]


def test_an_overlay_changes_one_service_of_a_table(folder: Path) -> None:
    Path("services.csv").write_text(SERVICES, encoding="utf-8")
    overlay("tenants: {tax: {services: services.csv}}", name="one.yaml")
    change = "tenants: {tax: {services: {pay: {service: {constant: 1 min}}}}}"
    services = load_scenario(overlay(change, base="one.yaml")).tenants["tax"].services
    assert list(services) == ["pay", "ask", "form"]
    assert services["pay"].name == "Pay a tax"
    assert services["pay"].service.moments() == (1.0, 0.0)


def test_samples_from_a_table_are_those_written_in_full(folder: Path) -> None:
    Path("times.csv").write_text("day,seconds\nmon,90\nmon,\ntue,30.5\n", encoding="utf-8")
    patience = "visitors: {patience: {empirical: {%s}}}"
    from_table = overlay(patience % "file: times.csv, column: seconds, unit: s")
    in_full = overlay(patience % "samples: [90 s, 30.5 s]", name="in_full.yaml")
    patiences = [load_scenario(path).visitors.patience for path in (from_table, in_full)]
    assert patiences[0] == patiences[1]


def test_a_refusal_points_to_the_file_in_which_the_value_stands(folder: Path) -> None:
    Path("hall.yaml").write_text(HALL.replace("seats: 20", "seats: -20"), encoding="utf-8")
    assert refusal_of(overlay("\n\nname: 7")).splitlines() == [
        "hall.yaml:8: zones.main.seats: found -20; expected a whole number of at least 0",
        "overlay.yaml:4: name: found 7; expected a text",
    ]


def test_a_key_that_is_missing_is_refused_at_the_line_of_its_map(folder: Path) -> None:
    Path("hall.yaml").write_text(HALL.replace("    counters: 2\n", ""), encoding="utf-8")
    number = "a whole number from 1 to 1000 or a map with at least one entry"
    wanted = f"missing key 'counters'; expected {number}"
    assert refusal_of("hall.yaml") == f"hall.yaml:10: tenants.tax: {wanted}"


def test_a_file_outside_the_current_folder_is_named_in_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = (folder / overlay("closing: never")).resolve()
    monkeypatch.chdir(SCENARIOS)
    assert refusal_of(path).startswith(f"{path.as_posix()}:2: closing: found 'never'")


def test_a_refusal_stays_on_one_line_however_long_the_value(folder: Path) -> None:
    text = refusal_of(overlay(f'closing: "{"no " * 100}\\n\\n\\u0007"'))
    assert len(text) < 200
    assert text.isprintable()


def test_yaml_1_2_leaves_times_and_no_as_they_are_written(folder: Path) -> None:
    hall = load_scenario(overlay("name: no\ndays: {mon: {open: 08:30}}"))
    assert hall.name == "no"
    assert hall.days["mon"].open == 510


def test_aliases_repeat_a_value(folder: Path) -> None:
    hours = "days:\n  tue: &hours {open: '09:00', close: '12:00'}\n  wed: *hours"
    hall = load_scenario(overlay(hours))
    assert hall.days["tue"] == hall.days["wed"]


def test_a_profile_is_in_the_order_of_its_times(folder: Path) -> None:
    assert list(load_scenario("hall.yaml").arrivals.profile) == [480, 600]


def test_sources_can_be_a_map_so_that_an_overlay_adds_one(folder: Path) -> None:
    Path("hall.yaml").write_text(HALL + "sources: {hours: the door}", encoding="utf-8")
    hall = load_scenario(overlay("sources: {counters: a photograph}"))
    assert hall.sources == ("hours: the door", "counters: a photograph")


def test_the_path_is_kept_and_is_no_part_of_the_digest(folder: Path) -> None:
    hall = load_scenario("hall.yaml")
    assert hall._path == "hall.yaml"
    assert hall.digest() == load_scenario(folder / "hall.yaml").digest()


def test_a_scenario_made_in_python_is_checked_too(folder: Path) -> None:
    hall = load_scenario("hall.yaml")
    assert load_scenario(hall) is hall
    astray = hall.model_copy(update={"journey": ("kiosk", "tenant")})
    assert refusal_of(astray).startswith("journey[0]: found 'kiosk'; expected a station, 'tenant',")


def test_a_day_may_close_before_lunch_but_not_every_day(folder: Path) -> None:
    lunch = "lunch: {start: '14:00', length: 30 min}\n"
    load_scenario(overlay(lunch + "days: {sat: {open: '08:00', close: '12:00'}}"))
    refused = refusal_of(overlay(lunch + "days: {mon: {close: '14:00'}}"))
    assert refused.startswith("overlay.yaml:2: lunch.start: found '14:00'")


def test_then_may_lead_on_as_long_as_it_ends(folder: Path) -> None:
    services = "{ask: {service: {constant: 1 min}}}"
    tenant = f"{{zone: main, counters: 1, visitors_per_day: 5, services: {services}}}"
    tenants = f"tenants:\n  bank: {tenant}\n  post: {tenant}\n"
    chain = overlay(tenants + "  tax: {then: {bank: 0.2, post: 0.1}}", name="chain.yaml")
    load_scenario(overlay("tenants: {bank: {then: {post/ask: 0.5}}}", base=chain))
    back = overlay("tenants: {post: {then: {tax: 0.5}}}", base=chain)
    assert "found a cycle: tax/pay -> post/ask -> tax/pay" in refusal_of(back)


@given(st.text(alphabet="ab: -[]{}&*!#|>'\"\\?%@,\n\t10.~x", max_size=40))
def test_any_text_is_a_tree_or_a_refusal(text: str) -> None:
    try:
        parse_yaml(text, "any.yaml")
    except ScenarioError as refused:
        assert str(refused).startswith("any.yaml")


def test_the_json_schema_lets_an_overlay_leave_out_and_remove() -> None:
    schema = scenario_json_schema()
    tenant, service = (schema["$defs"][name] for name in ("Tenant", "Service"))
    assert "required" not in tenant
    assert {"type": "null"} in service["properties"]["promise"]["anyOf"]
    assert {"type": "null"} in tenant["properties"]["quota"]["anyOf"]
    assert schema["$defs"]["Exponential"]["required"] == ["mean"]
    assert schema["else"]["required"] == ["name", "days", "arrivals", "zones", "tenants"]


def test_the_json_schema_knows_what_only_a_file_can_say() -> None:
    schema = scenario_json_schema()
    assert schema["properties"]["extends"]["type"] == "string"
    services = schema["$defs"]["Tenant"]["properties"]["services"]["anyOf"]
    assert [option["type"] for option in services] == ["object", "string", "null"]
    ways = [set(option["properties"]) for option in schema["$defs"]["Empirical"]["oneOf"]]
    assert {"file", "column", "unit"} in ways


def test_the_json_schema_names_every_key_of_a_scenario() -> None:
    assert set(scenario_json_schema()["properties"]) == {"extends", *Scenario.model_fields}
