#!/usr/bin/env python3
"""How often intervals of a share hold it, where segments of one voice are alike.

    benches/intervals.py > table.md

A share differs between voices by a beta distribution with the intraclass correlation ICC; the segments of a voice are
binomial. Of each setting 10,000 corpora are drawn, those with fewer than two segments of the theme left out, for these
have no theme. Each cell has the part of the 95 % intervals that hold the share, and their mean width:

- `normal`: the variance between voices of Cochran, with the normal quantile;
- `t`: the same with Student's t of one degree of freedom less than there are voices;
- `as here`: variance and degrees of freedom of Bell and McCaffrey, as `crates/themeweave/src/theme/interval.rs` has them.

Also prints the degrees of freedom and an interval by the matrices of Bell and McCaffrey (2002), for the tests there.

Needs numpy and scipy; the figures of METHOD.md were made with numpy 2.4 and scipy 1.17.
"""

import numpy as np
from scipy.stats import norm, t

Z = norm.ppf(0.975)
DRAWS = 10_000


def wilson(share, n):
    z2 = Z * Z / n
    center = (share + z2 / 2) / (1 + z2)
    half = Z * np.sqrt(share * (1 - share) / n + z2 / (4 * n)) / (1 + z2)
    return center - half, center + half


def interval(share, n, variance, quantile):
    """Wilson's with the effective number of segments of Korn and Graubard (1998), at most their number."""
    independent = share * (1 - share) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = n * np.minimum(1, independent / variance * (Z / quantile) ** 2)
    return wilson(share, np.where(independent > 0, effective, n))


def degrees_of_freedom(weights):
    u = weights**2 / (1 - weights)
    return 1 / ((weights**2).sum(-1) + u.sum(-1) ** 2 - (u**2).sum(-1))


def voices(kind, count, rng):
    """Segments of each voice: 15, so many on average by a geometric distribution, or 8 but half of all for the first."""
    if kind == "equal":
        return np.full((DRAWS, count), 15)
    if kind == "geometric":
        return rng.geometric(1 / 15, size=(DRAWS, count))
    sizes = np.full((DRAWS, count), 8)
    sizes[:, 0] = 8 * (count - 1)
    return sizes


def coverage(kind, count, share, icc, rng):
    size = voices(kind, count, rng)
    scale = (1 - icc) / max(icc, 1e-9)
    having = rng.binomial(size, rng.beta(share * scale, (1 - share) * scale, size=size.shape))
    drawn = having.sum(1) >= 2
    size, having = size[drawn], having[drawn]
    n = size.sum(1)
    found = having.sum(1) / n
    square = (having - found[:, None] * size) ** 2
    cochran = count / (count - 1) * square.sum(1) / n**2
    unbiased = (square / (n[:, None] * (n[:, None] - size))).sum(1)
    freedom = degrees_of_freedom(size / n[:, None])
    for variance, quantile in [(cochran, Z), (cochran, t.ppf(0.975, count - 1)), (unbiased, t.ppf(0.975, freedom))]:
        low, high = interval(found, n, variance, quantile)
        yield f"{np.mean((low <= share) & (share <= high)):.2f} ({np.mean(high - low):.2f})"


def by_matrices(sizes, having):
    """Variance and degrees of freedom of the mean by the definition, for any regression."""
    n = sum(sizes)
    x = np.ones((n, 1))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    y = np.concatenate([np.arange(size) < some for size, some in zip(sizes, having)]).astype(float)
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(n) - x @ bread @ x.T
    residuals = residual_maker @ y
    variance, columns = 0.0, []
    for group in range(len(sizes)):
        own = groups == group
        value, vector = np.linalg.eigh(np.eye(own.sum()) - x[own] @ bread @ x[own].T)
        adjust = vector @ np.diag(value**-0.5) @ vector.T
        variance += (bread @ x[own].T @ adjust @ residuals[own]).item() ** 2
        columns.append(residual_maker[:, own] @ adjust @ x[own] @ bread[:, 0])
    eigenvalues = np.linalg.eigvalsh(np.array(columns) @ np.array(columns).T)
    freedom = eigenvalues.sum() ** 2 / (eigenvalues**2).sum()
    low, high = interval(np.mean(y), n, variance, t.ppf(0.975, freedom))
    print(f"segments {sizes}, of the theme {having}: {freedom:.9f} degrees, {low:.9f} to {high:.9f}")


if __name__ == "__main__":
    by_matrices([10, 10, 10, 10], [10, 0, 0, 0])
    by_matrices([20, 5, 3, 2, 1], [6, 3, 0, 1, 0])
    print("\n| sizes | voices | share | ICC | normal | t | as here |\n|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(1)
    for kind in ["equal", "geometric", "one has half"]:
        for count in [2, 3, 5, 10, 30]:
            for share in [0.05, 0.2, 0.5]:
                for icc in [0, 0.1, 0.3]:
                    cells = " | ".join(coverage(kind, count, share, icc, rng))
                    print(f"| {kind} | {count} | {share} | {icc} | {cells} |", flush=True)
