"""Points are those that the methods promise, and values follow the distributions of their keys."""

# ruff: noqa: E501 - lines as a user reads them

from __future__ import annotations

import builtins
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.sample import morris, sobol
from scipy.stats import chisquare, qmc

from labsim.study.experiment.axes import Axis
from tests.study.experiment.conftest import HEAD, SHARE, UPLIFT, Faults, Load

WHOLE = '[[vary]]\nkey = "contract.weeks"\ninteger = [80, 87]\n'
REGIME = '[[vary]]\nkey = "referral.regime"\nchoice = ["central", "bulk", "advisor"]\n'
RANGES = SHARE + "uniform = [0.2, 0.6]\n" + UPLIFT
PATH = ("coaching", "max_uplift")


def problem(keys: int) -> dict[str, object]:
    return {"num_vars": keys, "names": [*map(str, range(keys))], "bounds": [[0, 1]] * keys}


def cube(load: Load, head: str) -> np.ndarray:
    """Return the points of two ranges, each as a share of its range."""
    frame = load(HEAD + head + RANGES).frame()
    share = (frame["contract.outcome_share"] - 0.2) / 0.4
    return np.column_stack([share, (frame["coaching.max_uplift"] - 0.3) / 0.7])


def test_a_grid_is_the_product_of_all_values_and_the_last_changes_fastest(load: Load) -> None:
    three = "values = [0.1, 0.2, 0.3]\n"
    found = load(HEAD + 'method = "grid"\n' + SHARE + three + WHOLE + "levels = 3\n" + REGIME)
    expected = list(product([0.1, 0.2, 0.3], [80, 84, 87], ["central", "bulk", "advisor"]))
    assert [tuple(found.values(point).values()) for point in range(found.points)] == expected
    assert [tuple(row) for row in found.frame().drop(columns="point").to_numpy()] == expected
    assert found.frame()["point"].tolist() == list(range(27))


def test_levels_of_a_grid_divide_a_range_evenly(load: Load) -> None:
    found = load(HEAD + 'method = "grid"\nlevels = 5\n' + UPLIFT + WHOLE)
    frame = found.frame()
    uplifts, weeks = (sorted(set(frame[key])) for key in found.keys)
    np.testing.assert_allclose(uplifts, [0.3, 0.475, 0.65, 0.825, 1.0])
    assert weeks == [80, 82, 84, 85, 87]
    whole = load(HEAD + 'method = "grid"\n' + WHOLE).frame()
    assert whole["contract.weeks"].tolist() == list(range(80, 88))


def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_key(load: Load) -> None:
    points = cube(load, 'method = "lhs"\npoints = 50\n')
    for column in points.T:
        assert sorted((column * 50).astype(int)) == list(range(50))
    assert abs(np.corrcoef(points.T)[0, 1]) < 0.5


def test_a_latin_hypercube_treats_whole_numbers_and_choices_alike(load: Load) -> None:
    frame = load(HEAD + 'method = "lhs"\npoints = 48\n' + WHOLE + REGIME).frame()
    assert set(frame["contract.weeks"].value_counts()) == {6}
    assert frame["referral.regime"].value_counts().to_dict() == {
        "central": 16, "bulk": 16, "advisor": 16
    }  # fmt: skip


def test_another_seed_gives_other_points_and_the_same_seed_the_same(load: Load) -> None:
    heads = [f'method = "{name}"\npoints = 12\n' for name in ("lhs", "morris")]
    heads += [f'method = "{name}"\npoints = 16\n' for name in ("sobol", "saltelli")]
    for head in heads:
        first, again, other = (cube(load, head + seed) for seed in ("", "seed = 1\n", "seed = 2\n"))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


def test_a_sobol_sequence_is_scipys_and_more_even_than_chance(load: Load) -> None:
    points = cube(load, 'method = "sobol"\npoints = 64\nseed = 5\n')
    expected = qmc.Sobol(2, seed=np.random.default_rng(5)).random(64)
    np.testing.assert_allclose(points, expected, atol=1e-12)
    cells = {(int(8 * x), int(8 * y)) for x, y in points}
    assert len(cells) == 64  # a net: each cell of 8 x 8 holds one point
    chance = np.random.default_rng(1).random((64, 2))
    assert qmc.discrepancy(np.clip(points, 0, 1)) < qmc.discrepancy(chance) / 3


def test_a_sobol_sequence_of_another_length_is_warned_of(load: Load) -> None:
    [warning] = load(HEAD + 'method = "sobol"\npoints = 100\n' + RANGES).warnings
    assert str(warning) == (
        "mine.toml:5: warning: points: a Sobol' sequence is even at powers of two: 64 or 128 points"
    )


@pytest.mark.parametrize(("second", "points"), [("true", 8 * 6), ("false", 8 * 4)])
def test_saltellis_points_are_salibs(load: Load, second: str, points: int) -> None:
    found = cube(load, f'method = "saltelli"\npoints = {points}\nsecond_order = {second}\n')
    expected = sobol.sample(problem(2), 8, calc_second_order=second == "true", seed=1)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("levels", [4, 6])
def test_morris_trajectories_are_salibs_and_change_one_key_at_a_time(
    load: Load, levels: int
) -> None:
    found = cube(load, f'method = "morris"\npoints = 30\nlevels = {levels}\n')
    expected = morris.sample(problem(2), 10, num_levels=levels, seed=1)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    steps = np.diff(found.reshape(10, 3, 2), axis=1)
    assert np.all((np.abs(steps) > 1e-9).sum(axis=2) == 1)
    np.testing.assert_allclose(np.abs(steps).max(axis=2), levels / (2 * (levels - 1)))


def test_points_that_a_method_cannot_make_are_refused_with_those_it_can(faults: Faults) -> None:
    assert faults(HEAD + 'method = "morris"\npoints = 10\n' + RANGES) == [
        "mine.toml:5: points: morris over 2 keys makes 9 points or 12, and no number between (got 10)"
    ]
    assert faults(HEAD + 'method = "saltelli"\npoints = 100\n' + RANGES) == [
        "mine.toml:5: points: saltelli over 2 keys makes 64 points or 128, and no number between (got 100)"
    ]
    one = '[[vary]]\nkey = "run.seed"\nvalues = [1]\n'
    assert faults(HEAD + 'method = "morris"\npoints = 4\n' + RANGES + one) == [
        "mine.toml:11: run.seed: has one value only, and morris asks what its changes do"
    ]


def test_a_missing_library_is_named_with_its_extra(
    faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: object) -> object:
        if name.startswith("SALib"):
            raise ImportError(name)
        return real(name, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    for method, points in (("morris", 48), ("saltelli", 64)):
        assert faults(HEAD + f'method = "{method}"\npoints = {points}\n' + RANGES) == [
            'mine.toml:4: method: needs SALib, which is not installed: pip install "labsim[study]"'
        ]


@given(st.integers(-50, 50), st.integers(1, 40))
def test_whole_numbers_are_fair_in_the_inverse_distribution(low: int, size: int) -> None:
    axis = Axis(PATH, 1, "integer", low, low + size - 1)
    codes = axis.at((np.arange(size * 30) + 0.5) / (size * 30))
    numbers, counts = np.unique(codes, return_counts=True)
    assert numbers.tolist() == list(range(low, low + size))
    assert set(counts) == {30}
    assert np.all(np.diff(codes) >= 0)
    assert axis.at(np.array([0.0, 1.0])).tolist() == [low, low + size - 1]


@given(st.integers(1, 30), st.integers(0, 2**32))
def test_choices_are_fair_by_chance_too(size: int, seed: int) -> None:
    axis = Axis(PATH, 1, "values", choices=tuple(range(size)))
    codes = axis.at(np.random.default_rng(seed).random(4000))
    counts = np.bincount(codes.astype(int), minlength=size)
    assert counts.size == size
    assert size == 1 or chisquare(counts).pvalue > 1e-7
    assert axis.value(codes[0]) == codes[0]


def test_declared_ranges_stand_for_those_left_out(load: Load) -> None:
    switch = '[[vary]]\nkey = "contract.may_send_back"\n'
    word = '[[vary]]\nkey = "contract.verification"\n'
    found = load(HEAD + 'method = "grid"\nlevels = 2\n' + UPLIFT + switch + word)
    frame = found.frame()
    assert sorted(set(frame["coaching.max_uplift"])) == [0.3, 1.0]
    assert set(frame["contract.may_send_back"]) == {True, False}
    assert set(frame["contract.verification"]) == {"register", "notice", "sample"}
    assert frame["contract.may_send_back"].dtype == bool
