"""What is around a contract is told where it is there, and only there."""

from __future__ import annotations

from labsim.study.contracts import contract_lines
from labsim.study.explain import explain, has_examples
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
    assert "6 times a month in all" in lines[0]
    assert "35 %" in lines[2]
    assert "40 % of clients with 2 needs or more" in lines[3]
    assert "20.83 EUR" in lines[3]
    assert "1 week shorter" in lines[4]
    assert len(told({"partnership": {"back_office": True}})["Working together"]) == 1


def test_trust_takes_as_long_as_meetings_make_it():
    def months(**terms) -> str:
        line = told({"partnership": terms})["Working together"][0]
        return line.partition("come in about ")[2]

    # Nine tenths come when 0.1 is left: of meetings and of starts, week by week.
    gain = scenario().office.trust_gain_per_week
    for meetings in (1.0, 2.0, 20.0):
        left = (1 - gain) * 0.98 ** (meetings / (365.25 / 12 / 7))
        weeks = next(week for week in range(1, 999) if left**week <= 0.1)
        assert abs(float(months(meetings_per_month=meetings).split()[0]) - weeks / 4.348) < 0.8
    assert months(meetings_per_month=6.0) == months(meetings_per_month=2.0, shared_premises=True)


def test_firms_alone_are_not_told_of_people_referred():
    terms = {"employers": {"firms": 300}, "referral": {"volume": 0}, "contract": {"fees": []}}
    found = told(terms)
    assert "Services to firms" in found
    assert not {"Who may come", "How they come", "What is paid", "What is not paid"} & set(found)
    assert not has_examples(scenario(terms))
    assert "firm" in contract_lines(scenario(terms), Words())[0]


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
