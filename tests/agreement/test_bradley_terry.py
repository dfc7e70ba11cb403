from __future__ import annotations

import numpy as np

from concord.agreement.bradley_terry import bradley_terry, reachable


def test_two_candidates_differ_by_the_log_of_their_odds() -> None:
    theta = bradley_terry(np.array([[0.0, 30.0], [10.0, 0.0]]))
    assert np.allclose(theta, [np.log(3) / 2, -np.log(3) / 2])


def test_several_tables_are_fitted_at_once() -> None:
    one, other = np.array([[0.0, 3.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    found = bradley_terry(np.stack([one, other]))
    assert np.allclose(found[0], bradley_terry(one))
    assert np.allclose(found[1], 0)


def test_who_never_lost_has_no_finite_strength() -> None:
    wins = np.array([[0.0, 5.0, 5.0], [0.0, 0.0, 2.0], [0.0, 2.0, 0.0]])
    assert np.isnan(bradley_terry(wins)).all()
    assert not reachable(wins[None])[0, 1, 0]


def test_very_uneven_tables_converge() -> None:
    wins = np.array([[0.0, 999.0, 1.0], [1.0, 0.0, 999.0], [1.0, 1.0, 0.0]])
    theta = bradley_terry(wins)
    p = 1 / (1 + np.exp(theta[None, :] - theta[:, None]))
    assert np.allclose((wins - (wins + wins.T) * p).sum(axis=1), 0, atol=1e-6)
