"""The formulas against published figures; where a source rounds, its last digit is allowed."""

from __future__ import annotations

import math

import pytest

from mppsim.theory.erlang import ImpatientLine, WaitingLine, erlang_b, fewest_counters
from mppsim.theory.single_counter import cobham, pollaczek_khinchine


@pytest.mark.parametrize(
    ("counters", "load", "blocked"),
    [(10, 4.46, 0.01), (20, 12.03, 0.01), (100, 84.06, 0.01), (10, 5.08, 0.02), (30, 21.93, 0.02)],
)
def test_erlang_b_is_that_of_the_traffic_tables(counters: int, load: float, blocked: float) -> None:
    """The loads of 1 % and 2 % blocking in every table of Erlang B, such as that of ITU-T."""
    assert erlang_b(load, counters) == pytest.approx(blocked, abs=1e-4)  # loads have two decimals


def test_erlang_c_of_the_call_center_helper() -> None:
    """200 calls an hour of 180 s, 14 agents: 17.4 % wait, 7.8 s, 88.8 % in 20 s, 71.4 % busy."""
    line = WaitingLine(200 / 3600, 180, 14)
    assert line.delayed == pytest.approx(0.17413193359504964, rel=1e-12)
    assert line.mean_wait == pytest.approx(7.835937011777232, rel=1e-12)
    assert 1 - line.beyond(20) == pytest.approx(0.888350019179467, rel=1e-12)
    assert line.utilization == pytest.approx(0.714, abs=5e-4)


def test_erlang_c_of_fifty_five_agents() -> None:
    """ "The Erlang-C formula": 360 calls in half an hour, 240 s, 55 agents: 0.239, 8 s."""
    line = WaitingLine(360 / 1800, 240, 55)
    assert line.delayed == pytest.approx(0.2387009363780092, rel=1e-12)
    assert line.mean_wait == pytest.approx(8.184032104388892, rel=1e-12)
    assert 1 - line.beyond(15) == pytest.approx(0.8458830921705802, rel=1e-12)


@pytest.mark.parametrize(
    ("rate", "service", "counters", "wait"),
    [
        (0.1, 20, 3, 8.888888888888889),  # Gross and Harris, eye clinic, W = 28.89 min
        (0.2, 10, 3, 4.444444444444443),  # Ciw, tutorial I
        (0.2, 10, 4, 0.8695652173913041),
        (2, 1 / 3, 1, 2 / 3),  # Hillier and Lieberman, county hospital
        (2, 1 / 3, 2, 1 / 24),
        (5, 1 / 3, 2, 0.7575757575757576),  # Jensen, ORMM
    ],
)
def test_mean_waits_of_textbooks(rate: float, service: float, counters: int, wait: float) -> None:
    assert WaitingLine(rate, service, counters).mean_wait == pytest.approx(wait, rel=1e-12)


@pytest.mark.parametrize(
    ("counters", "line", "delayed"),
    [(2, 0.175, 0.245), (3, 0.022, 0.058), (4, 0.003, 0.011), (5, 0.000, 0.002)],
)
def test_the_multi_server_sheet_of_cengage(counters: int, line: float, delayed: float) -> None:
    """Cengage, lambda = 10, mu = 12: Lq and the share who wait, with three decimals."""
    queue = WaitingLine(10, 1 / 12, counters)
    assert queue.mean_line == pytest.approx(line, abs=5.1e-4)
    assert queue.delayed == pytest.approx(delayed, abs=5.1e-4)


def test_the_tail_of_the_county_hospital() -> None:
    """Hillier and Lieberman: P(wait > 0.5 h) and P(wait > 1 h) with one doctor and with two."""
    one, two = (WaitingLine(2, 1 / 3, doctors) for doctors in (1, 2))
    assert [one.beyond(0.5), one.beyond(1)] == pytest.approx([0.40435, 0.24525], abs=1e-5)
    assert [two.beyond(0.5), two.beyond(1)] == pytest.approx([0.02256, 0.00305], abs=1e-5)


def test_erlang_a_of_garnett_mandelbaum_and_reiman() -> None:
    """48 calls a minute of 1 min, 50 agents, patience 2 min: 3.1 % leave, 3.7 s, 9.9 % > 12.5 s."""
    line = ImpatientLine(48, 1, 50, 2)
    assert line.leaving == pytest.approx(0.03091224916219182, rel=1e-10)
    assert 60 * line.mean_wait == pytest.approx(3.709469899463018, rel=1e-10)
    assert line.beyond(12.5 / 60) == pytest.approx(0.09914981102128036, rel=1e-10)
    patient = WaitingLine(48, 1, 50)
    assert 60 * patient.mean_wait == pytest.approx(20.83366833590503, rel=1e-12)
    assert patient.beyond(58.13874178200883 / 60) == pytest.approx(0.1, rel=1e-9)  # the p90


@pytest.mark.parametrize(("rate", "counters", "patience"), [(3, 2, 0.5), (0.2, 1, 30), (9, 12, 5)])
def test_erlang_a_balances_as_the_states_of_its_markov_chain(
    rate: float, counters: int, patience: float
) -> None:
    """The share leaving from the stationary states themselves, which is another way to get it."""
    states, present = [1.0], range(1, 400)
    for n in present:
        states.append(states[-1] * rate / (min(n, counters) + max(n - counters, 0) / patience))
    line = sum(max(n - counters, 0) * p for n, p in enumerate(states)) / sum(states)
    impatient = ImpatientLine(rate, 1.0, counters, patience)
    assert impatient.leaving == pytest.approx(line / patience / rate, rel=1e-9)
    assert impatient.delayed == pytest.approx(sum(states[counters:]) / sum(states), rel=1e-9)


def test_very_patient_visitors_of_erlang_a_are_those_of_erlang_c() -> None:
    patient, endless = ImpatientLine(48, 1, 50, 1e5), WaitingLine(48, 1, 50)
    assert patient.mean_wait == pytest.approx(endless.mean_wait, rel=1e-3)  # they differ in 1/1e5


@pytest.mark.parametrize(
    ("counters", "waits"),
    [
        (1, [0.23809523809523808, 0.3246753246753246, 0.9090909090909088]),
        (2, [0.029, 0.033, 0.048]),
    ],
)
def test_cobham_of_the_hospital_with_three_classes(counters: int, waits: list[float]) -> None:
    """Hillier and Lieberman: 0.2, 0.6 and 1.2 an hour, 3 an hour for each doctor; hours."""
    line = WaitingLine(2, 1 / 3, counters)
    found = cobham(line.mean_wait, line.utilization, [0.1, 0.3, 0.6])
    assert found == pytest.approx(waits, rel=1e-9 if counters == 1 else 0.02)  # two digits in print
    assert sum(w * share for w, share in zip(found, [0.1, 0.3, 0.6], strict=True)) == (
        pytest.approx(line.mean_wait)  # the order among visitors moves no mean: conservation
    )


def test_cobham_of_the_ciw_test() -> None:
    """Ciw, test_priority_system_compare_literature: sojourns 2 and 6 of 0.2 and 0.6, mu = 1."""
    line = WaitingLine(0.8, 1, 1)
    assert cobham(line.mean_wait, 0.8, [0.25, 0.75]) == pytest.approx([1, 5])


def test_pollaczek_khinchine_halves_the_wait_where_services_never_vary() -> None:
    """Kleinrock (1975), section 5.6: the M/D/1 wait is half of that of M/M/1."""
    assert pollaczek_khinchine(0.1, 8, 1) == pytest.approx(WaitingLine(0.1, 8, 1).mean_wait)
    assert pollaczek_khinchine(0.1, 8, 0) == pytest.approx(pollaczek_khinchine(0.1, 8, 1) / 2)
    assert pollaczek_khinchine(0.125, 8, 1) == math.inf


def test_allen_cunneen_is_exact_for_one_counter_with_any_services() -> None:
    line = WaitingLine(0.1, 8, 1, cv_service=0.6)
    assert line.mean_wait == pytest.approx(pollaczek_khinchine(0.1, 8, 0.6), rel=1e-12)


def test_the_fewest_agents_are_those_of_the_staffing_examples() -> None:
    """Call Centre Helper: 14 agents for 80 % in 20 s; 13 give 79.6 %, so not one less."""
    enough = fewest_counters(lambda c: WaitingLine(200 / 3600, 180, c), time=20, share=0.8)
    assert enough == 14
    assert 1 - WaitingLine(200 / 3600, 180, 13).beyond(20) == pytest.approx(0.796, abs=5e-4)
    with pytest.raises(ValueError, match="one that counters can reach"):
        fewest_counters(lambda c: WaitingLine(0.1, 8, c), time=15, share=1.0000001)


def test_patience_spares_agents() -> None:
    """Garnett, Mandelbaum and Reiman: 50 agents give 90 % within 12.5 s; patience spares 4."""
    impatient = fewest_counters(lambda c: ImpatientLine(48, 1, c, 2), time=12.5 / 60, share=0.9)
    patient = fewest_counters(lambda c: WaitingLine(48, 1, c), time=12.5 / 60, share=0.9)
    assert (impatient, patient) == (50, 54)
