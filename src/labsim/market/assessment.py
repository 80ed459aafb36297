"""What the office sees of its clients: scores with bias, noise and gaps, and distance from work."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Stream
from labsim.market.partnership import assessment_noise_sd
from labsim.market.search import fallen, log_hazard_at_first
from labsim.market.weeks import MONTHS_PER_WEEK

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def seen_score(
    true: Floats, noise: Floats, gap: Bools, *, bias: float, noise_sd: float, mean: float
) -> Floats:
    """Return scores as the office has them: ``clip(true + bias + noise_sd * noise, 0, 10)``.

    Services over-estimate work ability (REF-28) and motivation (MOT-06); where the register has a
    gap (REF-29) the office goes by the mean of all jobseekers.

    Parameters
    ----------
    true : (n,)
        True points 0-10 at the first interview.
    noise : (n,)
        Standard normal errors.
    gap : (n,)
        Whether the register says nothing.
    bias, noise_sd, mean
        Points.
    """
    scores: Floats = np.where(gap, mean, np.clip(true + bias + noise_sd * noise, 0, 10))
    return scores


class _Kept:
    """What is looked up once for each person, when first asked, and then kept.

    Parameters
    ----------
    look_up
        What gives a person the same value whenever asked, and whoever else is.
    """

    def __init__(self, market: LabourMarket, look_up: Callable[[Ints], Floats]) -> None:
        self._market, self._look_up = market, look_up
        self._known: Floats = np.zeros(0)

    def of(self, persons: Ints) -> Floats:
        """Return the value of each person, (n,)."""
        if not self._known.size:
            self._known = np.full(len(self._market.people), np.nan)
        values: Floats = self._known.take(persons)
        new = np.flatnonzero(np.isnan(values))
        if new.size:
            values[new] = self._known[persons[new]] = self._look_up(persons[new])
        return values


class Assessment:
    """The office's picture of its clients, made at the first interview and then kept.

    Scores are those of entry to the register: a picture in a register ages. They depend on the
    person and the replication's luck alone, so that no design can change whom the office sees.

    Attributes
    ----------
    limits : (2,)
        Log job hazards that part near from middle and middle from far, as the office assesses them;
        cut on the target group as first met, and then kept. Empty before.
    held_back : float
        Assessed log job hazard under which advisers do not refer.
    spread : float
        SD of the true log job hazard in the target group as first met.
    """

    def __init__(self, market: LabourMarket) -> None:
        self.market = market
        self.limits: Floats = np.zeros(0)
        self.held_back = -np.inf
        self.spread = 1.0
        self._ability = _Kept(market, self._first_ability)
        self._motivation = _Kept(market, self._first_motivation)
        self._errors = _Kept(market, self._noise)
        self._at_first = _Kept(market, self._log_hazard_at_first)
        self._expected_at_first = _Kept(market, self._first_expectation)

    def ability(self, persons: Ints) -> Floats:
        """Return work ability as the office sees it, (n,)."""
        return self._ability.of(persons)

    def motivation(self, persons: Ints) -> Floats:
        """Return motivation as the office sees it, (n,)."""
        return self._motivation.of(persons)

    def _noise(self, persons: Ints) -> Floats:
        return self.market.draws.normal(Stream.ASSESSMENT, 0, persons)

    def _first_ability(self, persons: Ints) -> Floats:
        office, people = self.market.setup.office, self.market.setup.population
        return self._seen(
            persons, Stream.SEEN_ABILITY, self.market.people.ability,
            bias=office.ability_bias, noise_sd=office.ability_noise_sd, mean=people.ability_mean,
        )  # fmt: skip

    def _first_motivation(self, persons: Ints) -> Floats:
        office, people = self.market.setup.office, self.market.setup.population
        return self._seen(
            persons, Stream.SEEN_MOTIVATION, self.market.people.motivation,
            bias=office.motivation_bias, noise_sd=office.motivation_noise_sd,
            mean=people.motivation_mean,
        )  # fmt: skip

    def _seen(self, persons: Ints, stream: Stream, true: Floats, **error: float) -> Floats:
        noise = self.market.draws.normal(stream, 0, persons)
        return seen_score(true[persons], noise, self._gap(persons), **error)

    def _gap(self, persons: Ints) -> Bools:
        share = self.market.setup.office.register_gap_share
        gap: Bools = self.market.draws.uniform(Stream.REGISTER_GAP, 0, persons) < share
        return gap

    def log_hazard(self, persons: Ints) -> Floats:
        """Return assessed log job hazards, (n,): the rule of the market on what the office sees.

        Everything but the two scores is known; what else goes into a judgement is an error of
        `assessment_noise_sd` times the group's spread.
        """
        market = self.market
        seen = self._at_first.of(persons) - self._fallen(persons)
        noise = self._errors.of(persons)
        return seen + assessment_noise_sd(market.setup) * self.spread * noise

    def exit_months(self, persons: Ints, months: Floats) -> Floats:
        """Return the months after which the office expects people to leave unemployment, (n,).

        The mean of a constant hazard: one over the assessed job hazard with all other exits. The
        error of judgement is in units of the spread on the register of week 0, since it is asked
        before the target group is known.

        Parameters
        ----------
        months : (n,)
            Months that people have been out of work.
        """
        market = self.market
        in_all = market.exit_rates(np.ones(1)).sum()
        expected: Floats = self._expected_at_first.of(persons)
        expected -= fallen(market.setup.labour_market, months)
        np.exp(expected, out=expected)
        expected *= in_all
        return np.divide(MONTHS_PER_WEEK, expected, out=expected)

    def _first_expectation(self, persons: Ints) -> Floats:
        """Return log job hazards before time out of work, (n,), as the office judges them."""
        error = self.market.setup.office.assessment_noise_sd * self._register_spread
        return self._at_first.of(persons) + error * self._errors.of(persons)

    @cached_property
    def _register_spread(self) -> float:
        people = self.market.people
        return float(np.std(np.log(people.hazard_at_entry[people.entry_week < 0])))

    def truth(self, persons: Ints) -> Floats:
        """Return true log job hazards, (n,)."""
        market, columns = self.market, self.market.columns
        true = log_hazard_at_first(
            market.setup.labour_market,
            columns.log_base[persons],
            columns.ability[persons],
            columns.motivation[persons],
        )
        return true - self._fallen(persons)

    def _log_hazard_at_first(self, persons: Ints) -> Floats:
        """Return log job hazards before time out of work, (n,), by the scores that are seen."""
        market = self.market
        base = market.columns.log_base[persons]
        seen = self.ability(persons), self.motivation(persons)
        return log_hazard_at_first(market.setup.labour_market, base, *seen)

    def _fallen(self, persons: Ints) -> Floats:
        market = self.market
        return fallen(market.setup.labour_market, market.columns.months_out(persons, market.week))

    def learn_the_group(self, eligible: Ints) -> None:
        """Cut the assessed thirds, and note spread and median, of the target group as first met."""
        if eligible.size == 0 or self.limits.size:
            return
        market, true = self.market, self.truth(eligible)
        self.spread = float(np.std(true))
        market.reference_hazard = float(np.exp(np.median(true)))
        assessed = self.log_hazard(eligible)
        self.limits = np.quantile(assessed, [2 / 3, 1 / 3])
        hold_back = market.setup.office.hold_back
        if hold_back > 0:
            self.held_back = float(np.quantile(assessed, hold_back))

    def thirds(self, assessed: Floats) -> Ints:
        """Return the third of each assessed log hazard, (n,): 0 near, 1 middle, 2 far."""
        thirds: Ints = (assessed[:, None] < self.limits).sum(axis=1)
        return thirds
