"""``[partnership]``: how office, purchaser and providers work together."""

from __future__ import annotations

from labsim.scenario.parameter import Section, param


class Partnership(Section):
    """Joint work of office and providers; by default there is none beyond the contract."""

    meetings_per_month: float = param(
        0.0, "Meetings of office and providers", unit="per month", ge=0, le=100
    )
    trust_per_meeting: float = param(
        0.02, "Part of missing trust that a meeting gives", ge=0, le=1, plausible=(0.005, 0.05),
        status="assumption",
        source="the sign is M-TRU-04; with two a month and daily contact nine tenths of trust take "
        "11 months (TIM-03: nearly 12)",
    )  # fmt: skip
    dispute_relief_of_trust: float = param(
        0.0, "Part of disputes about claims that full trust saves", ge=0, le=1, plausible=(0, 0.8),
        status="assumption", source="the sign is PTN-05 and M-ADM-04; none unless a scenario says",
    )  # fmt: skip
    data_transfer: float = param(
        0.0, "How far data transfer and principles of checking are agreed (0: not, 1: fully)", ge=0,
        le=1,
    )  # fmt: skip
    data_transfer_effect: float = param(
        0.7, "Part of disputes that fully agreed data transfer saves", ge=0, le=1,
        plausible=(0.3, 0.9), status="assumption", source="the sign is M-ADM-03, ADM-04",
    )  # fmt: skip
    joint_definition: float = param(
        0.0, "How far office and providers define referral together (0: not, 1: fully)", ge=0, le=1
    )
    joint_definition_effect: float = param(
        0.4, "Part of the office's error about a client's distance from work that it saves, fully "
        "joint", ge=0, le=1, plausible=(0.1, 0.6), status="assumption",
        source="the sign is M-REF-04",
    )  # fmt: skip
    sector_team: bool = param(
        False, "Whether a team of the office knows the sectors of the target group"
    )
    sector_team_effect: float = param(
        0.6, "Part of the office's error about a client's distance from work that the team would "
        "save, if the sectors were all of the market", ge=0, le=1, plausible=(0.2, 0.9),
        status="assumption",
        source="only where the sector is strong in the region (REF-34, M-REF-11)",
    )  # fmt: skip
    coordinator_share: float = param(
        0.0, "Share of the clients with enough needs who get a coordinator of their own", ge=0, le=1
    )
    coordinator_needs_min: int = param(
        2, "Needs from which a client may get a coordinator", unit="needs", ge=0, le=3
    )
    coordinator_effect: float = param(
        0.7, "Part of what hand-overs lose that a coordinator saves, at full trust", ge=0, le=1,
        plausible=(0.3, 0.9), status="assumption", source="significant added value (OUT-17)",
    )  # fmt: skip
    coordinator_caseload: float = param(
        60.0, "Clients per coordinator", unit="clients", ge=1, le=1000, plausible=(30, 100),
        status="assumption", source="about as many as a coach plans for",
    )  # fmt: skip
    coordinator_week_eur: float = param(
        1_250.0, "Full cost of a coordinator for a week, paid by the purchaser", unit="EUR", ge=0,
        le=100_000, plausible=(1050, 1450), status="memory", source="P 7, as a coach",
    )  # fmt: skip
    shared_premises: bool = param(False, "Whether all services are under one roof")
    premises_effect: float = param(
        0.4, "Part of what hand-overs lose that shared premises save", ge=0, le=1,
        plausible=(0.1, 0.8), status="assumption",
        source="the sign is M-TRU-06: less going to and fro between experts",
    )  # fmt: skip
    premises_wait_saved_weeks: int = param(
        1, "Weeks of wait between referral and start that shared premises save", unit="weeks", ge=0,
        le=104, status="assumption", source="the sign is OUT-16",
    )  # fmt: skip
    premises_meetings_per_month: float = param(
        4.0, "Meetings over coffee that shared premises bring", unit="per month", ge=0, le=100,
        status="assumption", source="the sign is M-TRU-04, M-TRU-06",
    )  # fmt: skip
    premises_week_eur: float = param(
        500.0, "What shared premises cost the purchaser", unit="EUR/week", ge=0, le=1_000_000,
        plausible=(100, 3000), status="assumption", source="",
    )  # fmt: skip
    back_office: bool = param(
        False, "Whether a back office takes tasks of authority over from the advisers"
    )
    back_office_effect: float = param(
        0.2, "Part of interviews, follow-up and work on claims that a back office takes over", ge=0,
        lt=1, plausible=(0.05, 0.4), status="assumption", source="the sign is M-ADM-05, OUT-12",
    )  # fmt: skip
    back_office_cost_share: float = param(
        0.8, "What an hour taken over costs there, relative to an adviser's", ge=0, le=10,
        plausible=(0.5, 1), status="assumption", source="a sensible division of work (M-ADM-05)",
    )  # fmt: skip
