"""``[coaching.satisfaction]``: what clients think of the service when it ends."""

from __future__ import annotations

from labsim.scenario.parameter import Section, param


class Satisfaction(Section):
    """Weights of a client's answer, 1 (poor) to 5 (excellent): one linear index.

    It moves nobody's life: no other rule reads it. A job does not enter (OUT-07).
    """

    usual: float = param(
        3.75, "Answer at usual hours, honesty and fit, before the ends of the scale",
        unit="points 1-5", ge=1, le=5, plausible=(3.3, 4.2), status="derived",
        source="mean of 3.62 on the five steps of T4-SAT-01 to T4-SAT-05",
    )  # fmt: skip
    usual_hours: float = param(
        0.42, "Weekly client hours that are usual", unit="hours/week", gt=0, le=40,
        status="derived", source="21 client hours a week for 50 clients (P 6)",
    )  # fmt: skip
    per_hours: float = param(
        0.5, "Points for twice the usual hours, lost without any", unit="points", ge=0, le=4,
        plausible=(0.2, 1.0), status="assumption", source="sign from SAT-04",
    )  # fmt: skip
    per_honesty: float = param(
        0.5, "Points for a provider one higher in honesty", unit="points", ge=0, le=4,
        status="assumption", source="sign from mechanism M-PAR-06 and SAT-16",
    )  # fmt: skip
    per_fit: float = param(
        0.3, "Points for a client whom coaching suits twice as well as usual, lost where it does "
        "not at all", unit="points", ge=0, le=4, status="assumption", source="sign from M-PAR-06",
    )  # fmt: skip
    per_remote: float = param(
        -0.2, "Points for a service that is wholly remote", unit="points", ge=-4, le=4,
        plausible=(-0.5, 0.1), status="assumption",
        source="small, as most found remote service good (REM-02, REM-03)",
    )  # fmt: skip
    noise_sd: float = param(
        1.35, "Spread of answers that nothing here explains, before the ends of the scale",
        unit="points", ge=0, le=4, plausible=(1.1, 1.6), status="derived",
        source="SD of 1.17 on the five steps of T4-SAT-01 to T4-SAT-05",
    )  # fmt: skip
