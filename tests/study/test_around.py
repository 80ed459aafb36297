"""What is around a contract is told where it is there, and only there."""

from __future__ import annotations

from labsim.study.explain import explain
from labsim.words import Words
from tests.builders import scenario


def told(*layers) -> dict[str, tuple[str, ...]]:
    return {
        block.heading: tuple(line.replace("\u00a0", " ") for line in block.paragraphs)
        for block in explain(scenario(*layers), Words())
    }


def test_nothing_is_said_of_what_is_not_there():
    assert not {"Working together", "What comes from outside"} & set(told())


def test_every_part_of_a_partnership_is_told_once():
    terms = {
        "meetings_per_month": 2.0, "joint_definition": 1.0, "data_transfer": 0.5,
        "coordinator_share": 0.4, "shared_premises": True, "back_office": True,
    }  # fmt: skip
    lines = told({"partnership": terms})["Working together"]
    assert len(lines) == 6
    assert "2.0 times a month" in lines[0]
    assert "35 %" in lines[2]
    assert "40 % of clients with 2 needs or more" in lines[3]
    assert "20.83 EUR" in lines[3]
    assert "1 week shorter" in lines[4]
    assert len(told({"partnership": {"back_office": True}})["Working together"]) == 1


def test_services_to_firms_are_told_with_their_pay():
    terms = {"firms": 300, "payment": "feedback", "eur_per_point": 40.0}
    lines = told({"employers": terms})["Services to firms"]
    assert len(lines) == 3
    assert lines[0].startswith("300 firms")
    assert "60.00 EUR for each firm every 4 weeks" in lines[1]
    assert "40.00 EUR for each point" in lines[1]
    voucher = told({"employers": {"firms": 3, "payment": "voucher"}})["Services to firms"]
    assert voucher[1].startswith("Each firm has a voucher of 60.00 EUR")


def test_a_shock_is_told_with_its_effects_and_no_others():
    spring = {"name": "spring", "like": "spring-2020", "start_week": 0, "weeks": 9, "inflow": 1.0}
    [line] = told({"labour_market": {"shocks": [spring]}})["What comes from outside"]
    assert line.startswith("spring, from ")
    assert "chances of a job are 60 % of normal" in line
    assert "new jobseekers" not in line
