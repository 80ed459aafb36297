"""One example of every kind of fault, with the exact line that a user reads."""

# ruff: noqa: E501, ISC004 - lines as a user reads them

from __future__ import annotations

import re

import pytest

from labsim.words import catalogue
from tests.scenario.conftest import Faults, Write

FEE = '[[contract.fees]]\nname = "job"\non = "outcome"\noutcome = ["employment"]\neur = 1\n'
GENEROUS = (
    "[contract]\noutcome_share = 0.5\nexpected_spend_per_start_eur = 2000\n"
    "expected_outcome_rate = 0.3\n" + FEE
)

EXAMPLES = [
    # Keys
    ("[referral]\nregim = 1", "mine.toml:2: referral.regim: unknown key; did you mean 'regime'?"),
    ("[refferal]", "mine.toml:1: refferal: unknown key; did you mean 'referral'?"),
    ("[referral]\nstart_date = 1", "mine.toml:2: referral.start_date: unknown key; did you mean 'run.start_date'?"),
    ("qqq = 1", "mine.toml:1: qqq: unknown key"),
    ("[evaluation]\na = 1", "mine.toml:1: evaluation: is not supported by this version of labsim"),
    # Fees
    (
        FEE + "accumulated_days = 3\nsustained_days = 3",
        "mine.toml:6: contract.fees.job.accumulated_days: stands instead of sustained_days; give one of them",
    ),
    (
        FEE + "every_days = 30",
        "mine.toml:6: contract.fees.job.every_days: needs times as well",
    ),
    (
        FEE + "times = 3",
        "mine.toml:6: contract.fees.job.times: needs every_days as well",
    ),
    (
        FEE + "once = false",
        "mine.toml:6: contract.fees.job.once: needs max_per_client as well",
    ),
    (
        FEE + "max_per_client = 2.0",
        "mine.toml:6: contract.fees.job.max_per_client: only where once is false: other outcomes are paid once for a client",
    ),
    (
        FEE + 'stops = ["monthly"]',
        "mine.toml:6: contract.fees.job.stops: no other fee of this contract is called 'monthly', and none is paid on it",
    ),
    *(
        (
            GENEROUS + f'[[contract.fees]]\nname = "other"\n{other}\n[employers]\nfirms = 9\n[referral]\nregime = "lottery"',
            "mine.toml:2: contract.outcome_share: is under 1, but no fee besides outcomes has euros for a start that can be rescaled: add a start or month fee, or set contract.rescale = false",
        )
        for other in (
            'on = "feedback"\ninstrument = "firms"\neur = 50',
            'on = "impact"\nshare = 0.3\ncounts = ["benefits"]',
        )
    ),
    (
        '[contract]\nweeks = 26\nservice_weeks_max = 52\n[referral]\nweeks = 10\n[[contract.fees]]\nname = "a"\non = "month"\neur = 1\nfrom_service_week = 26',
        "mine.toml:10: contract.fees.a.from_service_week: must be before service ends: contract.service_weeks_max and contract.weeks leave 26 weeks (got 26)",
    ),
    (
        FEE + "sustained_days = 91\nevery_days = 351\ntimes = 3",
        "mine.toml:8: contract.fees.job.times: the last payment can never be earned: 793 days do not fit into the weeks in which the contract pays (113)",
    ),
    (
        FEE + 'sustained_days = 90\nevery_days = 30\ntimes = 7\ncompleted_within = "service"',
        "mine.toml:6: contract.fees.job.sustained_days: can never be met: 270 days do not fit into the 245 days that completed_within leaves",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "unit"\nunit = "x"\neur = 1\nmax_per_client = 0.5',
        "mine.toml:6: contract.fees.a.max_per_client: must be a whole number of units (got 0.5)",
    ),
    (
        '[referral.target]\nbenefit = ["earnings-related"]\nsupport_days_min = 100',
        'mine.toml:3: referral.target.support_days_min: nobody fits: only people on labour market support have such days; add "labour-market-support" to referral.target.benefit',
    ),
    *(
        (
            f'[[contract.fees]]\nname = "{name}"\non = "start"\neur = 1',
            f"must not be '{name}': that name stands for something else",
        )
        for name in ("all", "minimum volume", "open books", "employer service", "employers' feedback")
    ),
    *(
        (
            FEE + f'stops = ["other"]\n[[contract.fees]]\nname = "other"\neur = 1\n{kind}',
            "mine.toml:6: contract.fees.job.stops: 'other' cannot end for one client: name a month, hour, unit, progress or outcome fee, or clients' feedback",
        )
        for kind in (
            'on = "start"', 'on = "referral"', 'on = "coach-month"',
            'on = "group-change"\ncounts = ["employment"]\nbefore_weeks = 9',
            'on = "impact"\ncounts = ["employment"]', 'on = "feedback"\ninstrument = "firms"',
        )
    ),
    (
        FEE + 'starts_within = "service+3650d"',
        "mine.toml:6: contract.fees.job.starts_within: opens 3650 days after a service, but the contract pays for 798 days in all",
    ),
    (
        FEE + "accumulated_days = 3650",
        "mine.toml:6: contract.fees.job.accumulated_days: can never be met: 3650 days do not fit into the weeks in which the contract pays (113)",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "impact"\neur = 1\ncounts = ["employment"]',
        'mine.toml:3: contract.fees.a.on: pays for those drawn against those not drawn, and nobody is drawn: set referral.regime = "lottery"',
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "impact"\nshare = 0.5\ncounts = ["employment"]',
        "mine.toml:5: contract.fees.a.counts: must hold only benefits and taxes: share is a share of money",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "impact"\neur = 1\ncounts = ["benefits"]',
        "mine.toml:5: contract.fees.a.counts: benefits are money, not days: give share instead of eur",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "group-change"\neur = 1\nbefore_weeks = 4\ncounts = ["benefits"]',
        "mine.toml:6: contract.fees.a.counts: benefits are money: only days can be counted here",
    ),
    (
        '[[contract.groups]]\nname = "all"\n[[contract.groups]]\nname = "young"\nwhen = { age_max = 25 }',
        "mine.toml:1: contract.groups.all.when: asks for nothing, so that everybody fits and no later group has anybody: put this group last",
    ),
    (
        "[contract]\nminimum_volume = 5000000",
        "mine.toml:2: contract.minimum_volume: must be 1,000,000 or less (got 5000000)",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "feedback"\neur = 1\ninstrument = "firms"',
        "mine.toml:5: contract.fees.a.instrument: asks firms, and none are served: set employers.firms",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "progress"\neur = 1\ninstrument = "firms"',
        "mine.toml:5: contract.fees.a.instrument: must be one of work_ability, motivation, radar for this fee (got firms)",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "progress"\neur = 1',
        "mine.toml:1: contract.fees.a.instrument: is required",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "group-change"\neur = 1\ncounts = ["employment"]\nbefore_weeks = 150',
        "mine.toml:6: contract.fees.a.before_weeks: 150 weeks after the start do not fit into the 114 weeks in which the contract pays",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "start"',
        "mine.toml:1: contract.fees.a.eur: is required",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "outcome"\neur = 1\noutcome = ["work-condition", "employment"]',
        "mine.toml:5: contract.fees.a.outcome: work-condition must stand alone: give each other outcome a fee of its own",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "outcome"\neur = 1\noutcome = ["education"]\nneeds_service_in_work = true',
        "mine.toml:6: contract.fees.a.needs_service_in_work: only where employment or work-condition is an outcome: nobody is supported in anything else",
    ),
    (
        '[contract]\nclient_budget_eur = 5\n[[contract.fees]]\nname = "a"\non = "start"\neur = 1',
        "mine.toml:2: contract.client_budget_eur: nothing is paid from it: the contract has no month, hour or unit fee",
    ),
    (
        "[contract]\nminimum_volume_eur = 5",
        "mine.toml:2: contract.minimum_volume_eur: needs minimum_volume as well",
    ),
    (
        '[contract]\nminimum_volume = 5\n[[contract.fees]]\nname = "a"\non = "coach-month"\neur = 1',
        "mine.toml:2: contract.minimum_volume: nothing prices a missing start: give minimum_volume_eur, or a start, month, hour or unit fee",
    ),
    ('[[contract.fees]]\non = "start"', "mine.toml:1: contract.fees[1].name: is required"),
    (
        FEE + FEE,
        "mine.toml:7: contract.fees[2].name: another one has this name: 'job' (line 1)",
    ),
    ('[[contract.fees]]\nname = "a"\non = "start"', "mine.toml:1: contract.fees.a.eur: is required"),
    (
        "[contract.fees.a]\neur = 1",
        "mine.toml:1: contract.fees: must be written as [[contract.fees]] tables, each with its name",
    ),
    # Types
    ("referral = 3", "mine.toml:1: referral: must be a table (got 3)"),
    ("[referral]\ntarget = []", "mine.toml:2: referral.target: must be a table (got [])"),
    ("[contract]\nfees = [3]", "mine.toml:2: contract.fees[1]: must be a table (got 3)"),
    ('[run]\nweeks = "x"', 'mine.toml:2: run.weeks: must be a whole number (got "x")'),
    ("[run]\nweeks = 5.0", "mine.toml:2: run.weeks: must be a whole number (got 5.0)"),
    ("[run]\nweeks = true", "mine.toml:2: run.weeks: must be a whole number (got true)"),
    ("[coaching]\nmax_uplift = true", "mine.toml:2: coaching.max_uplift: must be a number (got true)"),
    ("[coaching]\nmax_uplift = nan", "mine.toml:2: coaching.max_uplift: must be a finite number (got nan)"),
    ("[coaching]\nmax_uplift = -inf", "mine.toml:2: coaching.max_uplift: must be a finite number (got -inf)"),
    (
        '[run]\nstart_date = "2020-01-01"',
        "mine.toml:2: run.start_date: must be a date like 2019-01-07, without quotes"
        ' (got "2020-01-01")',
    ),
    ("[referral.target]\nareas = 3", "mine.toml:2: referral.target.areas: must be a list (got 3)"),
    ("[referral.target]\nareas = [3]", "mine.toml:2: referral.target.areas[1]: must be a text in quotes (got 3)"),
    ("[referral.target]\nareas = []", "mine.toml:2: referral.target.areas: must have 1 or more items"),
    ("title = 3", "mine.toml:1: title: must be a text, or texts by language (fi, sv, en)"),
    ('title = { de = "x" }', "mine.toml:1: title: languages must be among en, fi, sv"),
    ("[[contract.fees]]\nname = 3", "mine.toml:2: contract.fees[1].name: must be a text in quotes (got 3)"),
    ('[[providers]]\nname = ""', 'mine.toml:2: providers."".name: must not be empty'),
    (
        f'[[providers]]\nname = "{"x" * 81}"',
        f"mine.toml:2: providers.{'x' * 81}.name: must have 80 or fewer characters",
    ),
    (
        '[[providers]]\nname = "a\\u0007"',
        'mine.toml:2: providers."a\\u0007".name: must be printable and not begin or end with a space',
    ),
    ("[[providers]]\n[[providers]]", "mine.toml:2: providers[2].name: another one has this name: 'provider' (line 1)"),
    # Limits
    ("[run]\nweeks = 0", "mine.toml:2: run.weeks: must be 1 or more (got 0)"),
    ("[coaching]\nmax_uplift = 11", "mine.toml:2: coaching.max_uplift: must be 10 or less (got 11)"),
    (
        "[coaching]\nsaturation_hours_per_week = 0",
        "mine.toml:2: coaching.saturation_hours_per_week: must be more than 0 (got 0)",
    ),
    ("[population]\ncorrelation = 1", "mine.toml:2: population.correlation: must be less than 1 (got 1)"),
    (
        '[referral]\nregime = "centrl"',
        "mine.toml:2: referral.regime: must be one of central, lottery, advisor, bulk, profiling, self,"
        " info-session (got \"centrl\"); did you mean 'central'?",
    ),
    (
        "[referral]\nregime = 3",
        "mine.toml:2: referral.regime: must be one of central, lottery, advisor, bulk, profiling, self, info-session (got 3)",
    ),
    (
        '[[contract.fees]]\nname = "sustained job"\non = "outcome"\noutcome = ["employment"]\n'
        "eur = 1\nsustained_days = -90",
        'mine.toml:6: contract.fees."sustained job".sustained_days: must be 0 or more (got -90)',
    ),
    # One section
    (
        "[referral.target]\nage_min = 50\nage_max = 30",
        "mine.toml:2: referral.target.age_min: must not exceed age_max, or nobody can be referred"
        " (got 50 and 30)",
    ),
    (
        "[population.age]\nunder_25 = 0.5",
        "mine.toml:1: population.age: shares must add up to 1 (they add up to 1.32)",
    ),
    (
        "[population]\nareas = { a = 0.5, b = 0.4 }",
        "mine.toml:2: population.areas: shares must add up to 1 (they add up to 0.9)",
    ),
    (
        "[population]\nareas = { a = 1.5, b = -0.5 }",
        "mine.toml:2: population.areas.b: must be 0 or more (got -0.5)",
    ),
    (
        "[population]\nunemployed_months_edges = [0, 3]",
        "mine.toml:2: population.unemployed_months_edges: needs unemployed_months_shares as well",
    ),
    (
        "[population]\nunemployed_months_edges = [3, 0]\nunemployed_months_shares = [1.0]",
        "mine.toml:2: population.unemployed_months_edges: must rise from 0 or more",
    ),
    (
        "[population]\nunemployed_months_edges = [0, 3]\nunemployed_months_shares = [0.5, 0.5]",
        "mine.toml:3: population.unemployed_months_shares: must have 1 values, one per band",
    ),
    (
        "[population]\nunemployed_months_edges = [0, 3]\nunemployed_months_shares = [0.5]",
        "mine.toml:3: population.unemployed_months_shares: must be 0 or more and add up to 1",
    ),
    (
        "[labour_market.jobs]\nfixed_term_weeks_min = 60",
        "mine.toml:2: labour_market.jobs.fixed_term_weeks_min: must not exceed fixed_term_weeks_max",
    ),
    (
        "[finance.rules_2019]\nmunicipal_share = [{ from_day = 5, share = 0.1 }]",
        "mine.toml:2: finance.rules_2019.municipal_share: days must rise from 0",
    ),
    (
        "[finance.rules_2019]\nmunicipal_share = [\n  { from_day = 0, share = 0.1 },\n  { from_day = 9, share = 2.0 },\n]",
        "mine.toml:4: finance.rules_2019.municipal_share[2].share: must be 1 or less (got 2.0)",
    ),
    (
        "[finance.rules_2019]\ntax_state_share = 0.9",
        "mine.toml:2: finance.rules_2019.tax_state_share: taxes must not add up to more than all pay",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "start"\neur = 1\nsustained_days = 3',
        "mine.toml:5: contract.fees.a.sustained_days: only for fees on outcome (this one is on start)",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "outcome"\neur = 1',
        "mine.toml:1: contract.fees.a.outcome: is required",
    ),
    (
        FEE + 'starts_within = "later"',
        'mine.toml:6: contract.fees.job.starts_within: must be "service" or like "service+90d"'
        ' (got "later")',
    ),
    (
        FEE + 'completed_within = "never"',
        'mine.toml:6: contract.fees.job.completed_within: must be "contract", "service" or like'
        ' "service+365d" (got "never")',
    ),
    (
        "[contract]\noutcome_share = 0.4",
        "mine.toml:2: contract.outcome_share: needs expected_spend_per_start_eur,"
        " expected_outcome_rate as well",
    ),
    (
        "[contract]\noutcome_share = 0.4\nexpected_spend_per_start_eur = 1\nexpected_outcome_rate = 0.5",
        "mine.toml:2: contract.outcome_share: is above 0, but no fee on outcome pays anything",
    ),
    (
        "[contract]\noutcome_share = 0.4\nexpected_spend_per_start_eur = 1\nexpected_outcome_rate = 0.5\n"
        + FEE,
        "mine.toml:2: contract.outcome_share: is under 1, but no fee besides outcomes has euros for a start that can be rescaled: add a start or month fee, or set contract.rescale = false",
    ),
    (
        FEE + "by_group = { near = 1, middle = 1 }",
        "mine.toml:6: contract.fees.job.by_group: has no price for far (groups: far, middle, near)",
    ),
    (
        FEE + "by_group = { near = 1, middle = 1, far = 1, farther = 1 }",
        "mine.toml:6: contract.fees.job.by_group: farther is not a group of this contract"
        " (groups: far, middle, near)",
    ),
    # Sections together
    (
        "[run]\nweeks = 4",
        "mine.toml:2: contract.start_week",
    ),
    (
        "[referral]\nstart_week = 120",
        "mine.toml:2: referral.start_week: the first clients would start in week 122, when the contract"
        " has ended (week 91)",
    ),
    (
        "[referral]\nweeks = 100",
        "mine.toml:2: referral.weeks: the last clients would start in week 106, after the contract ends"
        " (week 91)",
    ),
    (
        "[contract]\nlast_payable_week = 3",
        "mine.toml:2: contract.last_payable_week: is before the contract starts (week 4)",
    ),
    (
        '[[contract.fees]]\nname = "a"\non = "hour"\neur = 1\nfrom_service_week = 40',
        "mine.toml:5: contract.fees.a.from_service_week: must be before service ends"
        ": contract.service_weeks_max and contract.weeks leave 35 weeks (got 40)",
    ),
    (
        FEE + "sustained_days = 3000",
        "mine.toml:6: contract.fees.job.sustained_days: can never be met: 3000 days do not fit into the"
        " weeks in which the contract pays (113)",
    ),
    (
        FEE + 'sustained_days = 300\ncompleted_within = "service+30d"',
        "mine.toml:6: contract.fees.job.sustained_days: can never be met: 300 days do not fit into the"
        " 275 days that completed_within leaves",
    ),
    (
        '[referral.target]\nareas = ["Turku"]',
        "mine.toml:2: referral.target.areas[1]: 'Turku' is not an area of the population (areas: region)",
    ),
    (
        '[[providers]]\nname = "p"\nareas = ["Turku"]',
        "mine.toml:3: providers.p.areas[1]: 'Turku' is not an area of the population (areas: region)",
    ),
    (
        '[[contract.groups]]\nname = "g"\nwhen = { areas = ["Turku"] }',
        "mine.toml:3: contract.groups.g.when.areas[1]: 'Turku' is not an area of the population"
        " (areas: region)",
    ),
    (
        "[population]\nareas = { a = 1.0, b = 0.0 }\n[referral.target]\nareas = ['b']",
        "mine.toml:4: referral.target.areas: nobody fits: the population has no such people; give population.areas a share for them, or change referral.target.areas",
    ),
    (
        "[population.education]\nbasic = 0.0\nsecondary = 0.5\ntertiary = 0.5\n"
        '[referral.target]\neducation = ["basic"]',
        "mine.toml:6: referral.target.education: nobody fits: the population has no such people; give population.education a share for them, or change referral.target.education",
    ),
    (
        "[population.age]\nunder_25 = 0.0\nfrom_25_to_34 = 0.44\n[referral.target]\nage_max = 24",
        "mine.toml:5: referral.target.age_max: nobody fits: the population has no such people; give population.age a share for them, or change referral.target.age_max",
    ),
    # Who people are, and how they come
    (
        '[[providers]]\nname = "A"\nplaces = 5\n[procurement]\nprocedure = "open"\n'
        '[[procurement.lots]]\nname = "one"\nshare = 0.5\n[[procurement.lots]]\nname = "two"\n'
        "share = 0.5",
        "mine.toml:3: providers.A.places: a limit of places holds for a contract without lots; leave it"
        " out, or procurement.lots",
    ),
    (
        '[population.sectors]\ncare = 0.6\nit = 0.4\n[referral.target]\nsectors = ["metal"]',
        "mine.toml:5: referral.target.sectors[1]: 'metal' is not a sector of the population"
        " (sectors: care, it)",
    ),
    (
        '[population.languages]\nfi = 1.0\n[referral.marketing.aimed_at]\nlanguages = ["sv"]',
        "mine.toml:4: referral.marketing.aimed_at.languages[1]: 'sv' is not a language of the"
        " population (languages: fi)",
    ),
    (
        '[population.sectors]\ncare = 1.0\nit = 0.0\n[referral.target]\nsectors = ["it"]',
        "mine.toml:5: referral.target.sectors: nobody fits: the population has no such people; give population.sectors a share for them, or change referral.target.sectors",
    ),
    (
        '[population.sectors]\ncare = 1.0\n[referral.target]\nsectors_excluded = ["care"]',
        "mine.toml:4: referral.target.sectors_excluded: nobody fits: the population has no such people; give population.sectors a share for them, or change referral.target.sectors_excluded",
    ),
    (
        "[referral.target]\nneeds_min = 1",
        "mine.toml:2: referral.target.needs_min: nobody fits: nobody has so many needs; give"
        " population.needs shares of people who have",
    ),
    (
        "[labour_market.vacancies.sectors]\nit = 2.0",
        "mine.toml:2: labour_market.vacancies.sectors.it: 'it' is not a sector of the population"
        " (sectors: any)",
    ),
    (
        "[labour_market.vacancies.areas]\nregion = 0.0",
        "mine.toml:2: labour_market.vacancies.areas.region: must be more than 0 (got 0)",
    ),
    (
        "[population.sectors]\ncare = 0.6",
        "mine.toml:1: population.sectors: shares must add up to 1 (they add up to 0.6)",
    ),
    (
        "[population.needs]\nnone = 0.6",
        "mine.toml:1: population.needs: shares must add up to 1 (they add up to 0.6)",
    ),
    (
        "[population]\nremote_liked_share = 0.95",
        "mine.toml:2: population.remote_liked_share: must leave room for those who find remote"
        " service difficult: together more than 1",
    ),
    (
        '[referral]\nregime = "self"\nparticipation = "mandatory"',
        "mine.toml:3: referral.participation: nobody can be obliged to come by himself or herself;"
        ' use participation = "voluntary", or another regime',
    ),
    (
        '[referral]\nregime = "lottery"\nalso_self = true',
        "mine.toml:3: referral.also_self: people who come by themselves would leave nobody to compare"
        " with those drawn; use another regime, or also_self = false",
    ),
    (
        "[population]\nunemployed_months_edges = [0, 3]\nunemployed_months_shares = [1.0]\n"
        "[referral.target]\nunemployed_months_min = 40",
        "mine.toml:5: referral.target.unemployed_months_min: nobody fits: the longest time out of work"
        " is 16 months (got 40)",
    ),
    # Verification
    (
        FEE + "eur_unnotified = 0.5",
        'mine.toml:6: contract.fees.job.eur_unnotified: only where contract.verification is "notice"',
    ),
    (
        '[contract]\nverification = "notice"\n' + FEE + "eur_unnotified = 2",
        "mine.toml:8: contract.fees.job.eur_unnotified: must not exceed eur",
    ),
    (
        '[contract]\nverification = "notice"\n[[contract.fees]]\nname = "a"\non = "start"\neur = 9\n'
        "eur_unnotified = 1",
        "mine.toml:7: contract.fees.a.eur_unnotified: only for fees on outcome (this one is on start)",
    ),
    (
        '[contract]\nverification = "post"',
        'mine.toml:2: contract.verification: must be one of register, notice, sample (got "post")',
    ),
    # Sources
    (
        '[sources]\n"run.weks" = "assumption: x"',
        'mine.toml:2: sources."run.weks": a source for a key that does not exist; did you mean'
        " 'run.weeks'?",
    ),
    (
        '[sources]\nqqq = "assumption: x"',
        "mine.toml:2: sources.qqq: a source for a key that does not exist",
    ),
    (
        '[sources]\nrun.weeks = "sure"',
        "mine.toml:2: sources.run.weeks: must begin with verified:, derived:, memory: or assumption:"
        ' (got "sure")',
    ),
    ("[sources]\nrun.weeks = 3", "mine.toml:2: sources.run.weeks: must be a text in quotes (got 3)"),
    (
        '[sources]\nrun.weeks = "memory: a\\u001b"',
        "mine.toml:2: sources.run.weeks: must be printable and at most 2,000 characters",
    ),
    ("sources = 3", "mine.toml:1: sources: must be a table (got 3)"),
    # Extends
    ("extends = 3", "mine.toml:1: extends: must be a text in quotes (got 3)"),
    ('extends = "no.toml"', "mine.toml:1: extends: there is no file 'no.toml'"),
    (
        'extends = "finlnd"',
        "mine.toml:1: extends: no file and no shipped scenario is called 'finlnd';"
        " did you mean 'finland'?",
    ),
    ('extends = "mine.toml"', "mine.toml:1: extends: files extend each other in a circle (mine.toml -> mine.toml)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), EXAMPLES)
def test_fault(faults: Faults, text: str, line: str) -> None:
    found = faults(text)
    if line.endswith("contract.start_week"):  # reported where the user set something
        line = (
            "mine.toml:2: run.weeks: service starts in week 4, after the run ends (run.weeks is 4)"
        )
    assert line in found or [each for each in found if each.endswith(f".name: {line}")], found
    assert all(re.match(r"mine\.toml:\d+: ", other) for other in found), found


SETTINGS = [
    ("run.weeks", "--set: must be key=value (got run.weeks)"),
    ("=3", "--set: must be key=value (got =3)"),
    ("run..weeks=3", "--set: must be key=value (got run..weeks=3)"),
    ("run.weeks=x", '--set: run.weeks: must be a whole number (got "x")'),
    ("run.weeks=", '--set: run.weeks: must be a whole number (got "")'),
    ("run.weeks=0", "--set: run.weeks: must be 1 or more (got 0)"),
    ("run.weeks=3\nseed=4", '--set: run.weeks: must be a whole number (got "3\\nseed=4")'),
    ("run.weks=3", "--set: run.weks: unknown key; did you mean 'weeks'?"),
    ("weeks=3", "--set: weeks: unknown key; did you mean 'run.weeks'?"),
    ("evaluation.arms=3", "--set: evaluation: is not supported by this version of labsim"),
    ('contract.fees."a jbo".eur=3', "--set: contract.fees.\"a jbo\": nothing has this name; did you mean 'a job'?"),
    ("contract.fees.zzz.eur=3", "--set: contract.fees.zzz: nothing has this name"),
    ('contract.fees."a job".eur=-3', '--set: contract.fees."a job".eur: must be 0 or more (got -3)'),
    ('contract.fees."a job".name=b', '--set: contract.fees."a job".name: cannot be set here; write it in a file'),
    ('contract.fees."a job"=5', '--set: contract.fees."a job": must be a table (got 5)'),
    ("extends=mixed", "--set: extends: cannot be set here; write it in a file"),
    ("labour_market.setting=2020", '--set: labour_market.setting: must be one of 2019, 2025 (got "2020")'),
    ("a" * 2000 + "=1", "--set: must be key=value (got " + "a" * 200 + "...)"),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "line"), SETTINGS)
def test_fault_of_a_setting(faults: Faults, setting: str, line: str) -> None:
    text = '[[contract.fees]]\nname = "a job"\non = "start"\neur = 1\n'
    found = faults(text, setting)
    if setting == "labour_market.setting=2020":
        assert found[0].startswith(line)
    else:
        assert found == [line]


def test_all_faults_at_once_in_order(faults: Faults, write: Write) -> None:
    write("[run]\nweeks = -1\nqqq = 1", "folder/base.toml")
    found = faults(
        'extends = "folder/base.toml"\n[coaching]\nmax_uplift = 99\n[run]\nseed = "x"\n'
        "[referral]\nvolum = 2\n[population]\nareas = { a = 0.1 }\n",
        "office.zzz=1",
    )
    assert [line.rpartition(": ")[0] for line in found] == [
        "folder/base.toml:2: run.weeks",
        "folder/base.toml:3: run.qqq",
        "mine.toml:3: coaching.max_uplift",
        "mine.toml:5: run.seed",
        "mine.toml:7: referral.volum",
        "mine.toml:9: population.areas",
        "--set: office.zzz",
    ]


def test_a_fault_in_one_section_does_not_hide_checks_of_others(faults: Faults) -> None:
    found = faults('[coaching]\nmax_uplift = "x"\n[referral]\nweeks = 100')
    assert len(found) == 2
    assert "referral.weeks: the last clients" in found[1]


def test_a_misspelt_required_key_is_one_fault(faults: Faults) -> None:
    found = faults('[[contract.fees]]\nname = "a"\non = "start"\neurs = 3')
    assert found == ["mine.toml:4: contract.fees.a.eurs: unknown key; did you mean 'eur'?"]


def test_text_of_the_user_cannot_break_a_line(faults: Faults) -> None:
    found = faults(
        '"a\\nb\\u001b[31m" = 1\n[referral]\nregime = "x\\u001b[2J\\ny\\u202e"\n'
        f'[labour_market]\nsetting = "{"z" * 500}"\n'
    )
    assert found[0] == 'mine.toml:1: "a\\nb\\u001b[31m": unknown key'
    assert '(got "x\\u001b[2J\\ny\\u202e")' in found[1]
    assert len(found[2]) < 200
    assert all(line.isprintable() for line in found)


def test_every_kind_of_fault_has_words() -> None:
    codes = {key.removeprefix("errors.") for key in catalogue("en") if key.startswith("errors.")}
    assert {"too_small", "required", "unknown_key"} <= codes


def test_a_key_of_another_kind_of_fee_is_one_fault(faults: Faults) -> None:
    fee = '[[contract.fees]]\nname = "a"\non = "month"\neur = 1\nshare = 0.3'
    assert len(faults(fee)) == 1


def test_the_last_group_may_be_everybody_else(faults: Faults) -> None:
    young = '[[contract.groups]]\nname = "young"\nwhen = { age_max = 25 }\n'
    assert faults(young + '[[contract.groups]]\nname = "rest"') == []
