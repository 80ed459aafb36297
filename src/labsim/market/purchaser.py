"""The purchaser: pays what the contract's fees have earned, as far as there is money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.claims import Claims
from labsim.market.fees import accounts
from labsim.market.fees.account import NOBODY, Account, Due
from labsim.market.fees.outcomes import Outcomes
from labsim.market.fees.service import Metered
from labsim.market.funds import Funds, Purses, chance_of_money
from labsim.market.jobseekers import NO_GROUP, NO_PROVIDER
from labsim.market.ledger import Account as LedgerAccount
from labsim.market.partnership import time_saved
from labsim.market.pricing import Price, missing_start_eur
from labsim.market.weeks import ends_month

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

MINIMUM_VOLUME = "minimum volume"
"""The ledger's item for starts that were guaranteed and did not come."""


OPEN_BOOKS = "open books"
"""Item of the ledger under which the purchaser bears costs of an alliance."""


@dataclass(frozen=True)
class Payment:
    """Money of one fee in one week, person by person (nobody for a coach-month)."""

    fee: str
    persons: Ints
    cents: Ints


class Purchaser(mesa.Agent):
    """The ELY centre or municipality that buys the service.

    Attributes
    ----------
    accounts
        One per fee, in the contract's order.
    claims
        One per payment of an outcome fee.
    funds, purses
        What may still be paid in all, and for each client.
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
        self.accounts: list[Account] = accounts(model)
        outcomes = [each for each in self.accounts if isinstance(each, Outcomes)]
        self._outcomes = outcomes
        self.claims: list[Claims] = [claim for each in outcomes for claim in each.claims]
        contract = model.setup.contract
        self.funds = Funds.of(contract.budget_eur)
        self.purses = Purses.of(contract, len(model.columns))
        self._ended = {
            other.name: np.zeros(len(model.columns), dtype=bool)
            for fee in contract.fees
            for other in contract.ended_by(fee)
        }
        self.payments: list[Payment] = []
        self.disputes: Ints = np.zeros(len(model.providers), dtype=np.int64)
        self.claim_hours = 0.0

    def settle(self) -> None:
        """Pay what this week earned, as far as there is money left.

        Fees are paid in full or not at all: in the order of the contract's fees and then of person
        ids, or providers, each that still fits. Outcomes come after the others, missing starts and
        an alliance's costs; what firms cost comes last of all (`Employers.settle`). What does not
        fit is never paid. What a client's purse or a fee's cap for one client leaves of a fee is
        paid like a fee of that sum.
        """
        self.payments, self.claim_hours = [], 0.0
        self.disputes = np.zeros_like(self.disputes)
        self._notice_outcomes()
        if self.market.week > self.market.last_payable_week:
            return
        for account in self.accounts:
            if not isinstance(account, Outcomes):
                self._settle(account)
        self._pay_missing_starts()
        self._share_costs()
        for account in self._outcomes:
            self._settle(account)

    def _settle(self, account: Account) -> None:
        for due in account.dues():
            if not due.persons.size:
                continue
            cents = self.capped(account.price, due)
            paid = self._pay(account.price.name, due, cents)
            self.purses.take(account.price.fee, due.persons[paid], cents[paid])
            account.settle(due, cents, paid)
            self._end_others(account.price, due.persons[paid])

    def _notice_outcomes(self) -> None:
        """See which clients' spells have now lasted long enough."""
        spells = self.market.client_spells()
        for account in self._outcomes if len(spells) else ():
            account.notice(spells)

    def _end_others(self, price: Price, persons: Ints) -> None:
        """End the fees that this one stops, for clients for whom it has been paid."""
        for other in self.market.setup.contract.ended_by(price.fee):
            self._ended[other.name][persons] = True

    # What providers know of their accounts

    def still_paid(self, price: Price, persons: Ints) -> Bools:
        """Whether a month or hour of each client is still paid for this week, (n,)."""
        account = next(each for each in self.accounts if each.price is price)
        assert isinstance(account, Metered)
        return account.still_paid(persons)

    def payable(self, persons: Ints) -> Bools:
        """Whether the contract that each client started under still pays this week, (n,)."""
        payable: Bools = self.market.week <= self.market.last_payable(persons)
        return payable

    def per_unit(self, price: Price, persons: Ints) -> Ints:
        """Return the cents of a unit of a fee for each client of a provider, (n,)."""
        columns = self.market.columns
        return price.per_unit(
            columns.provider[persons], columns.group[persons], columns.contract[persons]
        )

    def affords(self, price: Price, persons: Ints) -> Bools:
        """Whether there is money left for one unit of a fee, for each client alone, (n,)."""
        return self.funds.covers(self.per_unit(price, persons))

    def has_ended(self, price: Price, persons: Ints) -> Bools:
        """Whether another fee has stopped this one for each client, (n,)."""
        if price.name not in self._ended:
            return np.zeros(persons.size, dtype=bool)
        ended: Bools = self._ended[price.name][persons]
        return ended

    def has_purse(self, price: Price, persons: Ints) -> Bools:
        """Whether caps and purse leave anything of a fee for each client, (n,)."""
        return self.purses.left(price.fee, persons) > 0

    def capped(self, price: Price, due: Due) -> Ints:
        """Return what clients' caps and purses leave of what is due, in cents, (n,)."""
        if not self.purses.limit(price.fee) or (due.persons == NOBODY).any():
            return due.cents
        return np.minimum(due.cents, self.purses.left(price.fee, due.persons))

    def earned_cents(self, persons: Ints) -> Ints:
        """Return the outcome fees paid for each person so far, (n,)."""
        cents: Ints = np.zeros(persons.size, dtype=np.int64)
        for claim in self.claims:
            cents += claim.cents[persons]
        return cents

    def owed_cents(self) -> Ints:
        """Return what providers have earned and nobody has settled, (providers,).

        Fees of their claims that are open, and will be looked at in time; and what their clients
        and coaches have earned since the last bill. Whether money will be left for it is another
        matter.
        """
        owed: Ints = np.zeros(len(self.market.providers), dtype=np.int64)
        for account in self.accounts:
            owed += account.owed()
        return owed

    def service_euros(self, persons: Ints) -> tuple[Floats, Floats]:
        """Return what a week of service, and an hour of it, brings for each client, in euros."""
        weekly, hourly = np.zeros(persons.size), np.zeros(persons.size)
        for account in self.accounts:
            weekly += account.weekly(persons)
            hourly += account.hourly(persons)
        return weekly, hourly

    def once_euros(self, persons: Ints, *, to_come: bool = False) -> Floats:
        """Return the euros that each client brings once, at the start and the end, (n,).

        Parameters
        ----------
        to_come
            Whether the start is still to come, and its fee counts only while it is affordable.
        """
        euros = np.zeros(persons.size)
        for account in self.accounts:
            paid = not to_come or self.affords(account.price, persons)
            # Who has come has been referred, whatever follows.
            if not (to_come and account.price.fee.on == "referral"):
                euros += account.at_start(persons) * paid
            euros += account.at_end(persons) * paid
        return euros

    def experience_euros(self, persons: Ints, stay: Floats) -> Floats:
        """Return what a fully served week of each client is worth apart from exits, (n,)."""
        euros = np.zeros(persons.size)
        for account in self.accounts:
            euros += account.experience(persons, stay)
        return euros * self.funds.chance

    def foresee(self, owed: Ints) -> None:
        """Think again how likely a fee to come finds money left; everybody hears of it.

        Against what is left stands what providers believe they will still be paid for outcomes, if
        there were money (their receivables have last week's chance in them), and what they are
        owed.

        Parameters
        ----------
        owed : (providers,)
            Cents; see `owed_cents`.
        """
        funds = self.funds
        if funds.left is None or funds.chance == 0:
            return
        to_come = sum(
            provider.receivables / funds.chance + cents / 100
            for provider, cents in zip(self.market.providers, owed.tolist(), strict=True)
        )
        funds.chance = chance_of_money(funds.left / 100, to_come)

    def bills_now(self) -> bool:
        """Whether bills are due: a month ends, or a contract, or the time in which one pays."""
        market = self.market
        last = market.week == market.weeks - 1 or market.week in market.periods.last_payable
        # Coaches are billed before a contract passes to other providers.
        over = market.week + 1 in market.periods.end[:-1]
        return last or over or ends_month(market.setup.run.start_date, market.week)

    # Paying

    def _share_costs(self) -> None:
        """Bear a share of the week's staff costs of an alliance's partners, as far as money goes.

        A payment of its own beside the contract's fees; partners are paid in their order.
        """
        borne = np.array([each.open_books for each in self.market.providers], dtype=np.int64)
        if borne.any() and self.market.pays_now():
            self.pay_providers(OPEN_BOOKS, borne)

    def pay_providers(self, name: str, cents: Ints) -> None:
        """Pay each provider an amount that hangs on no jobseeker, (providers,), if it fits."""
        providers = np.arange(len(self.market.providers))
        self._pay(name, Due(np.full(providers.size, NOBODY), providers, cents), cents)

    def _pay(self, fee: str, due: Due, cents: Ints) -> Bools:
        """Pay each row that fits into what is left; return which did, (n,)."""
        funded = self.funds.pay(cents)
        persons, providers, cents = due.persons[funded], due.providers[funded], cents[funded]
        if not persons.size:
            return funded
        clients = persons != NOBODY
        rest = cents[~clients].sum()
        nobody = np.zeros(0, dtype=np.int64)
        if clients.any():
            self.payments.append(Payment(fee, persons[clients], cents[clients]))
        if not clients.all():
            self.payments.append(Payment(fee, nobody, np.array([rest])))
        groups = np.where(clients, self.market.columns.group[persons], NO_GROUP)
        self._post(fee, providers, groups, cents)
        return funded

    def _post(self, fee: str, providers: Ints, groups: Ints, cents: Ints) -> None:
        """Book what has been paid, by provider and group."""
        if providers.min() == NO_PROVIDER:
            raise RuntimeError(f"fee {fee}: a client without a provider")
        market, kinds = self.market, int(groups.max()) + 2  # no group comes first
        place = providers.astype(np.int64) * kinds + groups - NO_GROUP
        sums = np.zeros(int(place.max()) + 1, dtype=np.int64)
        np.add.at(sums, place, cents)
        for each in np.flatnonzero(sums).tolist():
            provider, group = divmod(each, kinds)
            label = market.office.group_label(group + NO_GROUP)
            account = LedgerAccount("purchaser", market.providers[provider].name, "fee", fee, label)
            market.ledger.post(market.week, account, int(sums[each]))

    def _pay_missing_starts(self) -> None:
        """Pay for the starts guaranteed that have not come, when the contract ends.

        Each provider in business that clients are sent to has its equal share of the minimum
        volume; what it is short of it is paid at the declared price, or at what a start would have
        brought it at its own prices (`missing_start_eur`). Where others have had more than their
        share, what is paid for is no more in all than the contract is short of in all.
        """
        market, contract = self.market, self.market.setup.contract
        over = market.week == market.contract_end - 1 and market.pays_now()
        if contract.minimum_volume is None or not over or not market.service:
            return
        numbers = np.array([provider.number for provider in market.serving], dtype=np.int64)
        starters = market.starters[market.columns.contract[market.starters] == market.period]
        starts = np.bincount(market.columns.provider[starters], minlength=len(market.providers))
        sharing = np.array([market.places.sharing_with(number) for number in numbers.tolist()])
        short = np.maximum(contract.minimum_volume / sharing - starts[numbers], 0.0)
        missing = max(contract.minimum_volume - float(starts.sum()), 0.0)
        short *= min(missing / max(float(short.sum()), 1e-9), 1.0)
        each = np.array([self._missing_start_eur(number) for number in numbers.tolist()])
        cents = np.rint(short * each * 100).astype(np.int64)
        self._pay(MINIMUM_VOLUME, Due(np.full(numbers.size, NOBODY), numbers, cents), cents)

    def _missing_start_eur(self, provider: int) -> float:
        """Return what a start that has not come is paid by, at a provider's prices."""
        declared = self.market.setup.contract.minimum_volume_eur
        if declared is not None:
            return declared
        period = self.market.period
        bids = {p.name: float(p.bids[period, provider]) for p in self.market.prices if p.bids.size}
        return missing_start_eur(self.market.tender, bids)

    def book_time(self, item: str, persons: Ints, minutes: float, provider_minutes: float) -> Ints:
        """Book both sides' time for these people's claims; return the claims by provider."""
        if not persons.size:
            return np.zeros_like(self.disputes)
        market = self.market
        minutes *= 1 - time_saved(market.setup.partnership)
        euro = market.setup.finance.office_hour_eur / 60 * 100
        providers = market.columns.provider[persons]
        claims: Ints = np.bincount(providers, minlength=self.disputes.size)
        self.claim_hours += persons.size * minutes / 60
        account = LedgerAccount("purchaser", "office staff", "admin", item)
        market.ledger.post(market.week, account, round(persons.size * minutes * euro))
        for provider, own in zip(market.providers, claims.tolist(), strict=True):
            account = LedgerAccount(provider.name, "provider staff", "admin", item)
            market.ledger.post(market.week, account, round(own * provider_minutes * euro))
        return claims
