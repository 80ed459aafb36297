"""The purchaser: pays for starts, months, hours, coaches, and outcomes that are proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.claims import Claims
from labsim.market.funds import Funds, chance_of_money
from labsim.market.jobs import NEVER
from labsim.market.jobseekers import NO_GROUP, NO_PROVIDER
from labsim.market.ledger import Account
from labsim.market.outcomes import ClientSpells, met_week
from labsim.market.partnership import dispute_factor, time_saved
from labsim.market.pricing import Price
from labsim.market.weeks import ends_month, weeks_in_month

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


OPEN_BOOKS = "open books"
"""Item of the ledger under which the purchaser bears costs of an alliance."""


@dataclass(frozen=True)
class Payment:
    """Money of one fee in one week, person by person (nobody for a coach-month)."""

    fee: str
    persons: Ints
    cents: Ints


@dataclass
class _Meter:
    """Units of a month or hour fee: used since the last bill, and billed in all, by person.

    Attributes
    ----------
    counted : list of (n,)
        Ids of people with units since the last bill, week by week.
    """

    since_bill: Floats
    billed: Floats = field(repr=False)
    counted: list[Ints] = field(default_factory=list)

    def due(self, price: Price, persons: Ints) -> Floats:
        """Return the units that a bill of today would hold for each person, (n,)."""
        units, most = self.since_bill[persons], price.fee.max_per_client
        return units if most is None else np.clip(most - self.billed[persons], 0, units)


class Purchaser(mesa.Agent):
    """The ELY centre or municipality that buys the service.

    Attributes
    ----------
    claims
        One per outcome fee.
    funds
        What may still be paid.
    payments
        This week's payments; replaced every week.
    disputes : (providers,)
        Claims sent back this week, by provider.
    claim_hours
        Hours of the purchaser's staff for claims, checks and disputes this week.
    """

    def __init__(self, model: LabourMarket) -> None:
        super().__init__(model)
        self.market = model
        people = len(model.columns)
        outcomes = [price for price in model.prices if price.terms is not None]
        self.claims = [Claims.of(price, number, people) for number, price in enumerate(outcomes)]
        self._meters = {
            price.name: _Meter(np.zeros(people), np.zeros(people))
            for price in model.prices
            if price.fee.on in ("month", "hour")
        }
        self.funds = Funds.of(model.setup.contract.budget_eur)
        self.payments: list[Payment] = []
        self.disputes: Ints = np.zeros(len(model.providers), dtype=np.int64)
        self.claim_hours = 0.0
        self._contract_weeks_since_bill = 0

    def settle(self, started: Ints, served: Ints) -> None:
        """Pay what this week earned, as far as there is money left.

        Fees are paid in full or not at all: in the order of the contract's fees (outcomes last) and
        then of person ids, or providers, each that still fits. What does not is never paid.

        Parameters
        ----------
        started, served : (n,)
            People who started this week, and people who were in the service during it.
        """
        self.payments, self.claim_hours = [], 0.0
        self.disputes = np.zeros_like(self.disputes)
        self._notice_outcomes()
        if self.market.week > self.market.last_payable_week:
            return
        self._contract_weeks_since_bill += int(
            self.market.contract_is_on() and self.market.pays_now()
        )
        for price in self.market.prices:
            if price.fee.on == "start":
                paid = started[self._payable(started)]
                self._pay_units(price, paid, np.ones(paid.size))
            elif price.fee.on in ("month", "hour"):
                self._meter(price, served)
            elif price.fee.on == "coach-month" and self._bills_now():
                self._pay_coaches(price)
        self._share_costs()
        if self._bills_now():
            self._contract_weeks_since_bill = 0
        self._pay_outcomes()

    # What providers know of their accounts

    def still_paid(self, price: Price, persons: Ints) -> Bools:
        """Whether a month or hour of each client is still paid for this week, (n,).

        While money for a whole unit is left, too.
        """
        fee, meter = price.fee, self._meters[price.name]
        paid = self._in_paid_weeks(price, persons)
        if fee.max_per_client is not None:
            used = meter.billed[persons] + meter.since_bill[persons]
            paid &= used < fee.max_per_client * (1 - 1e-9)  # a bill up to the cap may end bits off
        return paid & self._payable(persons) & self.affords(price, persons)

    def _payable(self, persons: Ints) -> Bools:
        """Whether the contract that each client started under still pays this week, (n,)."""
        payable: Bools = self.market.week <= self.market.last_payable(persons)
        return payable

    def _in_paid_weeks(self, price: Price, persons: Ints) -> Bools:
        """Whether each client is in a week of service that the fee is paid for, (n,)."""
        weeks = self.market.week - self.market.columns.service_start[persons]
        last = NEVER if price.fee.to_service_week is None else price.fee.to_service_week
        paid: Bools = (weeks >= (price.fee.from_service_week or 0)) & (weeks <= last)
        return paid

    def per_unit(self, price: Price, persons: Ints) -> Ints:
        """Return the cents of a unit of a fee for each client of a provider, (n,)."""
        columns = self.market.columns
        return price.per_unit(
            columns.provider[persons], columns.group[persons], columns.contract[persons]
        )

    def affords(self, price: Price, persons: Ints) -> Bools:
        """Whether there is money left for one unit of a fee, for each client alone, (n,)."""
        return self.funds.covers(self.per_unit(price, persons))

    def earned_cents(self, persons: Ints) -> Ints:
        """Return the outcome fees paid for each person so far, (n,)."""
        cents: Ints = np.zeros(persons.size, dtype=np.int64)
        for claim in self.claims:
            cents += claim.cents[persons]
        return cents

    def owed_cents(self, provider: int) -> int:
        """Return what a provider has earned and nobody has settled.

        Fees of its claims that are open, and will be looked at in time; and what its clients and
        coaches have earned by the month or hour since the last bill. Whether money will be left for
        it is another matter.
        """
        columns, total = self.market.columns, self._unbilled_cents(provider)
        for claim in self.claims:
            own = claim.pending[columns.provider[claim.pending] == provider]
            own = own[claim.due[own] <= self.market.last_payable(own)]
            total += int(claim.amount(own, columns).sum())
        return total

    def _unbilled_cents(self, provider: int) -> int:
        """Return the month, hour and coach-month fees of a provider since the last bill."""
        columns, total = self.market.columns, 0
        for price in self.market.prices:
            if price.name in self._meters:
                meter = self._meters[price.name]
                referred = self.market.referred
                own = referred[columns.provider[referred] == provider]
                total += int(self._cents(price, own, meter.due(price, own)).sum())
            elif price.fee.on == "coach-month" and self._has_coaches(provider):
                total += self._coach_cents(price, provider)
        return total

    def _has_coaches(self, provider: int) -> bool:
        return any(each.number == provider for each in self.market.serving)

    def foresee(self) -> None:
        """Think again how likely a fee to come finds money left; everybody hears of it.

        Against what is left stands what providers believe they will still be paid for outcomes, if
        there were money (their receivables have last week's chance in them), and what they are
        owed.
        """
        funds = self.funds
        if funds.left is None or funds.chance == 0:
            return
        to_come = sum(
            provider.receivables / funds.chance + self.owed_cents(provider.number) / 100
            for provider in self.market.providers
        )
        funds.chance = chance_of_money(funds.left / 100, to_come)

    def _bills_now(self) -> bool:
        market = self.market
        last = market.week == market.weeks - 1 or market.week in market.periods.last_payable
        # Coaches are billed before a contract passes to other providers.
        over = market.week + 1 in market.periods.end[:-1]
        return last or over or ends_month(market.setup.run.start_date, market.week)

    def _meter(self, price: Price, served: Ints) -> None:
        """Count months (parts by weeks) or hours; months are paid at their end."""
        fee, meter, columns = price.fee, self._meters[price.name], self.market.columns
        counted = served[self._in_paid_weeks(price, served) & self._payable(served)]
        meter.counted.append(counted)
        if fee.on == "hour":
            meter.since_bill[counted] += columns.hours[counted]
        else:
            weeks = weeks_in_month(self.market.setup.run.start_date, self.market.week)
            meter.since_bill[counted] += 1 / weeks
        if fee.on == "hour" or self._bills_now():
            self._bill(price, meter)

    def _bill(self, price: Price, meter: _Meter) -> None:
        persons = np.unique(np.concatenate(meter.counted))
        persons, meter.counted = persons[meter.since_bill[persons] > 0], []
        units = meter.due(price, persons)
        meter.billed[persons] += units
        meter.since_bill[persons] = 0.0
        self._pay_units(price, persons, units)

    def _pay_coaches(self, price: Price) -> None:
        numbers = [provider.number for provider in self.market.serving]
        cents = np.array([self._coach_cents(price, number) for number in numbers], dtype=np.int64)
        paid = self.funds.pay(cents)
        for place in np.flatnonzero(paid):
            self._post(price, numbers[place], "", int(cents[place]))
        total = int(cents[paid].sum())
        self.payments.append(Payment(price.name, np.zeros(0, dtype=np.int64), np.array([total])))

    def _share_costs(self) -> None:
        """Bear a share of the week's staff costs of an alliance's partners, as far as money goes.

        A payment of its own beside the contract's fees; partners are paid in their order.
        """
        borne = np.array([each.open_books for each in self.market.providers], dtype=np.int64)
        if borne.any() and self.market.pays_now():
            self.pay_providers(OPEN_BOOKS, borne)

    def pay_providers(self, name: str, cents: Ints) -> None:
        """Pay each provider an amount that hangs on no jobseeker, (providers,), if it fits."""
        paid = self.funds.pay(cents)
        for provider, amount in zip(self.market.providers, (cents * paid).tolist(), strict=True):
            account = Account("purchaser", provider.name, "fee", name)
            self.market.ledger.post(self.market.week, account, amount)
        self.payments.append(
            Payment(name, np.zeros(0, dtype=np.int64), np.array([int(cents[paid].sum())]))
        )

    def _coach_cents(self, price: Price, provider: int) -> int:
        """Return what a provider has earned of a coach-month fee since the last bill."""
        start, week = self.market.setup.run.start_date, self.market.week
        months = self._contract_weeks_since_bill / weeks_in_month(start, week)
        key = np.array([provider]), np.array([NO_GROUP]), np.array([self.market.period])
        each = int(price.per_unit(*key)[0])
        return round(each * price.coaches * months / self.market.places.sharing_with(provider))

    def _notice_outcomes(self) -> None:
        """See which clients' spells have now lasted long enough."""
        spells = self.market.client_spells()
        if not len(spells):
            return
        for claim in self.claims:
            assert claim.price.terms is not None
            self._claim(claim, spells)

    def _claim(self, claim: Claims, spells: ClientSpells) -> None:
        market, terms = self.market, claim.price.terms
        assert terms is not None
        # A spell counts from the week on in which it has lasted long enough, or never.
        persons = np.unique(spells.person[spells.begin + terms.weeks - 1 == market.week])
        persons = persons[claim.met[persons] == NEVER]
        if not persons.size:
            return
        met = met_week(spells.of(persons), market.windows().of(persons), terms)
        new, met = persons[met <= market.week], met[met <= market.week]
        claim.claim(new, met, market.setup.contract, market.draws)
        new = new[self._payable(new)]
        priced = new[self.per_unit(claim.price, new) > 0]
        office = market.setup.office
        minutes = office.minutes_per_claim, office.provider_minutes_per_claim
        self._book_time("claims", priced, *minutes)

    def _pay_outcomes(self) -> None:
        """Look at the claims that are due, and pay those proved; each milestone once per person."""
        market, office = self.market, self.market.setup.office
        contract, columns = market.setup.contract, market.columns
        left = dispute_factor(market.setup.partnership, market.office.trust)
        for claim in self.claims:
            claim.expire(self._payable(claim.pending))
            looked = claim.look(market.week, contract, market.draws, columns, left)
            minutes = office.minutes_per_check, office.provider_minutes_per_check
            self._book_time("checks", looked.by_hand, *minutes)
            minutes = office.minutes_per_dispute, office.provider_minutes_per_dispute
            self.disputes += self._book_time("disputes", looked.disputed, *minutes)
            cents = claim.amount(looked.settled, columns)
            funded = self._pay(claim.price, looked.settled, cents)
            claim.settle(looked.settled, cents, funded, market.week)

    def _book_time(self, item: str, persons: Ints, minutes: float, provider_minutes: float) -> Ints:
        """Book both sides' time for these people's claims; return the claims by provider."""
        if not persons.size:
            return np.zeros_like(self.disputes)
        market = self.market
        minutes *= 1 - time_saved(market.setup.partnership)
        euro = market.setup.finance.office_hour_eur / 60 * 100
        providers = market.columns.provider[persons]
        claims: Ints = np.bincount(providers, minlength=self.disputes.size)
        self.claim_hours += persons.size * minutes / 60
        account = Account("purchaser", "office staff", "admin", item)
        market.ledger.post(market.week, account, round(persons.size * minutes * euro))
        for provider, own in zip(market.providers, claims.tolist(), strict=True):
            account = Account(provider.name, "provider staff", "admin", item)
            market.ledger.post(market.week, account, round(own * provider_minutes * euro))
        return claims

    def _pay_units(self, price: Price, persons: Ints, units: Floats) -> None:
        """Pay each person's units of a fee."""
        self._pay(price, persons, self._cents(price, persons, units))

    def _cents(self, price: Price, persons: Ints, units: Floats) -> Ints:
        cents = np.rint(self.per_unit(price, persons) * units)
        return cents.astype(np.int64)

    def _pay(self, price: Price, persons: Ints, cents: Ints) -> Bools:
        """Pay each person's cents to the person's provider, if they fit; return whose did, (n,)."""
        funded = self.funds.pay(cents)
        persons, cents = persons[funded], cents[funded]
        if not persons.size:
            return funded
        columns = self.market.columns
        self.payments.append(Payment(price.name, persons, cents))
        providers, groups = columns.provider[persons], columns.group[persons]
        for provider, group in sorted(set(zip(providers.tolist(), groups.tolist(), strict=True))):
            own = (providers == provider) & (groups == group)
            label = self.market.office.group_label(group)
            self._post(price, provider, label, int(cents[own].sum()))
        return funded

    def _post(self, price: Price, provider: int, group: str, cents: int) -> None:
        if provider == NO_PROVIDER:
            raise RuntimeError(f"fee {price.name}: a client without a provider")
        payee = self.market.providers[provider].name
        self.market.ledger.post(
            self.market.week, Account("purchaser", payee, "fee", price.name, group), cents
        )
