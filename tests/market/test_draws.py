"""Draws are uniform, unrelated, keyed by who and when, and the same for ever."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from labsim.market.draws import Draws, Stream

PEOPLE = np.arange(20_000)
ALPHA = 1e-4
"""Chance that a right generator fails a test; as seeds are fixed, it does so always or never."""


def uniform(
    stream: Stream = Stream.EXIT, week: int = 3, *, seed: int = 1, replication: int = 0
) -> np.ndarray:
    return Draws(seed, replication).uniform(stream, week, PEOPLE)


def unrelated(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether a rank correlation test at `ALPHA` sees nothing."""
    return stats.spearmanr(one, other).pvalue > ALPHA


@pytest.mark.parametrize("week", [0, 1, 129])
@pytest.mark.parametrize("stream", [Stream.EXIT, Stream.PRIORITY, Stream.ACCEPT])
def test_numbers_are_uniform(stream, week):
    numbers = uniform(stream, week)
    counts = np.histogram(numbers, bins=100, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > ALPHA
    assert stats.kstest(numbers, "uniform").pvalue > ALPHA
    assert ((numbers > 0) & (numbers < 1)).all()


def test_every_bit_that_is_kept_is_fair():
    bits = (uniform() * 2**52).astype(np.uint64)
    for place in range(52):
        ones = int(((bits >> np.uint64(place)) & np.uint64(1)).sum())
        assert stats.binomtest(ones, bits.size).pvalue > ALPHA


def test_normal_numbers_are_normal():
    numbers = Draws(1, 0).normal(Stream.UNSEEN, 0, PEOPLE)
    assert stats.kstest(numbers, "norm").pvalue > ALPHA


def test_neighbours_are_unrelated():
    numbers = uniform()
    for step in (1, 2, 7, 1000):
        assert unrelated(numbers[:-step], numbers[step:])


def test_weeks_are_unrelated():
    for week, later in pairwise(range(12)):
        assert unrelated(uniform(week=week), uniform(week=later))


def test_all_pairs_of_streams_are_unrelated():
    columns = np.stack([uniform(stream, 5) for stream in Stream])
    correlation = np.corrcoef(columns)[np.triu_indices(len(columns), 1)]
    # Of n pairs of uniform numbers the correlation has a standard error of 1/sqrt(n); over all
    # pairs
    # of streams the bound is Bonferroni's at 1 in 10,000.
    bound = stats.norm.isf(ALPHA / 2 / correlation.size) / np.sqrt(PEOPLE.size)
    assert np.abs(correlation).max() < bound


def test_replications_and_seeds_are_unrelated():
    assert unrelated(uniform(replication=0), uniform(replication=1))
    assert unrelated(uniform(seed=1), uniform(seed=2))
    assert unrelated(uniform(seed=1, replication=2), uniform(seed=2, replication=1))
    # Texts of keys must not run together: seed 1, replication 11 is not seed 11, replication 1.
    assert not np.array_equal(uniform(seed=1, replication=11), uniform(seed=11, replication=1))


def test_pairs_fill_the_square():
    one, other = uniform(week=8), uniform(week=9)
    counts = np.histogram2d(one, other, bins=20, range=[(0, 1), (0, 1)])[0]
    assert stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_no_two_cells_of_the_cube_share_a_key():
    cells = [
        uniform(stream, week, replication=replication)[0]
        for stream in Stream
        for week in range(30)
        for replication in range(5)
    ]
    assert len(set(cells)) == len(cells)


def test_a_subset_in_any_order_has_the_same_numbers():
    everybody = uniform()
    some = np.random.default_rng(0).permutation(PEOPLE)[:500]
    assert np.array_equal(Draws(1, 0).uniform(Stream.EXIT, 3, some), everybody[some])
    assert np.array_equal(Draws(1, 0).uniform(Stream.EXIT, 3, some[:0]), everybody[:0])


def test_earlier_draws_leave_later_ones_alone():
    draws = Draws(1, 0)
    for week in range(3):
        draws.uniform(Stream.ACCEPT, week, PEOPLE[:7])
    assert np.array_equal(draws.uniform(Stream.EXIT, 3, PEOPLE), uniform())


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.int64, np.uint64])
def test_the_type_of_ids_does_not_matter(kind):
    some = PEOPLE[:1000]
    numbers = Draws(1, 0).uniform(Stream.EXIT, 3, some.astype(kind))
    assert np.array_equal(numbers, uniform()[:1000])


def test_persons_are_not_changed_by_drawing():
    persons = np.arange(10, dtype=np.uint64)
    Draws(1, 0).uniform(Stream.EXIT, 3, persons)
    assert np.array_equal(persons, np.arange(10))


@pytest.mark.parametrize(
    ("seed", "replication", "stream", "week", "bits"),
    [
        (1, 0, Stream.EXIT, 0, [1010184875761956, 3366705601490356, 3647405423517027]),
        (1, 7, Stream.JOB_TYPE, 52, [1067893303413018, 4342227580813772, 1381008172342521]),
        (2**62, 0, Stream.UNSEEN, 1, [913500153778606, 3293336136775599, 794432121017688]),
    ],
)
def test_known_answers(seed, replication, stream, week, bits):
    # Whole numbers, so that they hold on every platform. If this fails, all published results
    # change: the scheme of draws has, and the version must say so.
    numbers = Draws(seed, replication).uniform(stream, week, np.array([0, 1, 1_000_000]))
    assert (numbers * 2**52).astype(np.int64).tolist() == bits


def test_the_last_place_agrees_with_plain_python():
    # SplitMix64's output function in Python's whole numbers, written from the paper and not from
    # draws.py.
    def split_mix(state: int) -> int:
        mask = 2**64 - 1
        z = state & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    import hashlib

    golden = 0x9E3779B97F4A7C15
    digest = int.from_bytes(hashlib.sha256(b"1/0/separation").digest()[:8], "little")
    key = split_mix((digest ^ split_mix(5 + golden)) + golden)
    expected = [((split_mix(key + person * golden) >> 12) + 0.5) / 2**52 for person in range(100)]
    assert Draws(1, 0).uniform(Stream.SEPARATION, 4, np.arange(100)).tolist() == expected
