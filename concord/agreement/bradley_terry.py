"""Bradley-Terry: how strong each of several candidates is, from who was preferred to whom; a tie is half a win each.

Letters: K candidates; wins[a, b], how often a beat b; theta, log-strengths: P(a beats b) is
1 / (1 + exp(theta_b - theta_a)).
"""

from __future__ import annotations

from typing import cast

import numpy as np

from concord.records.kinds import Floats

_STEPS = 50
_CLOSE = 1e-10


def bradley_terry(wins: Floats) -> Floats:
    """The log-strengths that make the wins most likely (Bradley & Terry 1952; Newton's steps).

    Args:
        wins: shape (K, K), or (rows, K, K) for several tables at once; the diagonal is 0.

    Returns:
        Shape (K,) or (rows, K); the mean is 0. NaN throughout unless every candidate can be reached from every other by
        wins: one that never lost, or a group that never met the rest, has no finite strength.

    >>> bradley_terry(np.array([[0.0, 3.0], [1.0, 0.0]])).round(4).tolist()
    [0.5493, -0.5493]
    """
    tables = wins if wins.ndim == 3 else wins[None]
    theta = np.full(tables.shape[:2], np.nan)
    connected = reachable(tables).all(axis=(1, 2))
    if connected.any():
        theta[connected] = _fitted(tables[connected])
    return theta if wins.ndim == 3 else theta[0]


def reachable(wins: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether b can be reached from a by a chain of wins, shape (rows, K, K)."""
    reach = (wins > 0) | np.eye(wins.shape[-1], dtype=np.bool_)
    for _ in range(max(1, (wins.shape[-1] - 1).bit_length())):
        reach = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
    return reach


def _fitted(wins: Floats) -> Floats:
    k, games = wins.shape[-1], wins + wins.swapaxes(1, 2)
    theta: Floats = np.zeros(wins.shape[:2])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(theta[:, None, :] - theta[:, :, None]))
        information = games * p * (1 - p)
        hessian = np.eye(k) * information.sum(axis=2)[:, :, None] - information
        gradient = (wins - games * p).sum(axis=2)
        step = cast("Floats", np.linalg.solve(hessian + 1 / k, gradient[:, :, None]))[:, :, 0]
        theta += np.clip(step, -2, 2)  # far from the peak a whole step may leap over it
        if np.abs(step).max() < _CLOSE:
            break
    return theta - theta.mean(axis=1, keepdims=True)
