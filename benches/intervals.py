#!/usr/bin/env python3
"""How often intervals of a share hold it, where segments of one voice are alike.

    benches/intervals.py > table.md

A share differs between voices by a beta distribution with the intraclass correlation ICC; the segments of a voice are
binomial. Of each setting 10,000 corpora are drawn, those with fewer than two segments of the theme left out, for these
have no theme. Each cell has the part of the 95 % intervals that hold the share, and their mean width:

- `normal`: the variance between voices of Cochran, with the normal quantile;
- `t`: the same with Student's t of one degree of freedom less than there are voices;
- `Bell and McCaffrey`: with their variance and degrees of freedom, as `crates/themeweave/src/theme/interval.rs` has them
  where there is one theme.

A second table is of several themes, their shares a geometric sequence that falls by a fifth, and of segments without a
theme, 30 %. Shares differ between voices by a Dirichlet distribution with the ICC (2,000 corpora); or one theme, the middle
one, differs with an ICC of 0.3 (`one differs`), or is 60 % of a tenth of the voices and 2 % of the others (`few say one`),
and the others differ with an ICC of 0.02. Then a cell has that theme first, and after it the others. The columns are the
most degrees of freedom that the design effect of all themes counts for: 0, so that each theme is by itself, to 30;
`interval.rs` has 2.

Also prints degrees of freedom and intervals by the matrices of Bell and McCaffrey (2002), for the tests there.

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


MOST_POOLED = [0, 2, 4, 8, 30]


def moderated(size, having, most):
    """Intervals of all themes of corpora: `having` is corpora × voices × themes, the last those without a theme."""
    n = size.sum(1)[:, None]
    share = having.sum(1) / n
    square = (having - share[:, None, :] * size[:, :, None]) ** 2
    variance = (square / (n * (n - size))[:, :, None]).sum(1)
    independent = share * (1 - share) / n
    freedom = degrees_of_freedom(size / n)[:, None]
    others = (share > 0).sum(1, keepdims=True) - 1
    of_all = freedom * others
    pooled = np.minimum(of_all, most)
    effect = np.divide(variance, independent, out=np.zeros_like(variance), where=independent > 0)
    mean = ((1 - share) * effect).sum(1, keepdims=True) / others
    effect = (pooled * mean + freedom * effect) / (pooled + freedom)
    quantile = t.ppf(0.975, np.minimum(pooled + freedom, of_all))
    return interval(share, n, effect * independent, quantile)


def dirichlet(share, icc, shape, rng):
    if icc == 0:
        return np.broadcast_to(share, (*shape, len(share)))
    drawn = rng.gamma(share * (1 - icc) / icc, size=(*shape, len(share))) + 1e-300
    return drawn / drawn.sum(-1, keepdims=True)


def coverage_of_themes(case, kind, count, themes, rng):
    """For each of `MOST_POOLED`: of the middle theme and of the others where it differs, else of all."""
    size = voices(kind, count, rng)[:2000]
    middle = themes // 2
    share = 0.8 ** np.arange(themes)
    share = np.append(0.7 * share / share.sum(), 0.3)
    rest = np.delete(share, middle) / (1 - share[middle])
    if case == "one differs":
        scale = (1 - 0.3) / 0.3
        own = rng.beta(share[middle] * scale, (1 - share[middle]) * scale, size=size.shape)
    elif case == "few say one":
        own = np.where(rng.random(size.shape) < 0.1, 0.6, 0.02)
        share = np.insert(rest * (1 - 0.078), middle, 0.078)
    if isinstance(case, str):
        others = dirichlet(rest, 0.02, size.shape, rng) * (1 - own[:, :, None])
        of_voice = np.insert(others, middle, own, axis=2)
        sets = [[middle], [theme for theme in range(themes) if theme != middle]]
    else:
        of_voice = dirichlet(share, case, size.shape, rng)
        sets = [list(range(themes))]
    having = rng.multinomial(size, of_voice / of_voice.sum(-1, keepdims=True) * (1 - 1e-12))
    # Groups with fewer than two segments are no themes.
    is_theme = having.sum(1) >= 2
    is_theme[:, -1] = False
    having[:, :, -1] += (having * ~is_theme[:, None, :])[:, :, :-1].sum(2)
    having[:, :, :-1] *= is_theme[:, None, :-1]
    drawn = is_theme.any(1) & (having[:, :, -1].sum(1) > 0)
    size, having, is_theme = size[drawn], having[drawn], is_theme[drawn]
    for most in MOST_POOLED:
        low, high = moderated(size, having, most)
        hit, width = (low <= share) & (share <= high), high - low
        of = [(hit[:, own][is_theme[:, own]].mean(), width[:, own][is_theme[:, own]].mean()) for own in sets]
        yield "; ".join(f"{held:.2f} ({wide:.2f})" for held, wide in of)


def by_matrices(sizes, *having):
    """Variances and degrees of freedom of means by the definition, for any regression."""
    n = sum(sizes)
    x = np.ones((n, 1))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    y, before = [], np.zeros(len(sizes), dtype=int)
    for theme in [*having, np.array(sizes) - np.sum(having, axis=0)]:
        after = before + theme
        ranges = zip(sizes, before, after)
        y.append(np.concatenate([(low <= np.arange(m)) & (np.arange(m) < high) for m, low, high in ranges]))
        before = after
    y = np.array(y).T.astype(float)
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(n) - x @ bread @ x.T
    residuals = residual_maker @ y
    variance, columns = np.zeros(y.shape[1]), []
    for group in range(len(sizes)):
        own = groups == group
        value, vector = np.linalg.eigh(np.eye(own.sum()) - x[own] @ bread @ x[own].T)
        adjust = vector @ np.diag(value**-0.5) @ vector.T
        variance += (bread @ x[own].T @ adjust @ residuals[own])[0] ** 2
        columns.append(residual_maker[:, own] @ adjust @ x[own] @ bread[:, 0])

    def satterthwaite(covariance):
        eigenvalues = np.linalg.eigvalsh(covariance)
        return eigenvalues.sum() ** 2 / (eigenvalues**2).sum()

    between = np.array(columns) @ np.array(columns).T
    freedom = satterthwaite(between)
    share = y.mean(0)
    covariance = np.diag(share) - np.outer(share, share)
    # The mean of Rao and Scott (1981) is that of the eigenvalues of the covariance over that of independent segments.
    inverse = np.linalg.pinv(covariance, hermitian=True, rcond=1e-9) * n
    deviations = np.array([residuals[groups == group].sum(0) for group in range(len(sizes))])
    clustered = sum(np.outer(row, row) / (n * (n - size)) for row, size in zip(deviations, sizes))
    mean = np.trace(inverse @ clustered) / np.linalg.matrix_rank(covariance, hermitian=True, rtol=1e-9)
    of_all = satterthwaite(np.kron(between, inverse @ covariance))
    pooled = min(of_all, 2)
    independent = np.diag(covariance) / n
    effect = (pooled * mean + freedom * variance / independent) / (pooled + freedom)
    low, high = interval(share, n, effect * independent, t.ppf(0.975, min(pooled + freedom, of_all)))
    print(f"segments {sizes}, of themes {having}: {freedom:.9f} degrees, of all {of_all:.9f}")
    print("".join(f"    {ends[0]:.9f} to {ends[1]:.9f}\n" for ends in list(zip(low, high))[:-1]))


if __name__ == "__main__":
    by_matrices([10, 10, 10, 10], [10, 0, 0, 0])
    by_matrices([20, 5, 3, 2, 1], [6, 3, 0, 1, 0])
    by_matrices([20, 5, 3, 2, 1], [6, 3, 0, 1, 0], [8, 0, 1, 0, 1], [2, 1, 2, 0, 0])
    by_matrices([10, 20], [5, 1], [2, 4], [2, 10])
    print("\n| sizes | voices | share | ICC | normal | t | Bell and McCaffrey |\n|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(1)
    for kind in ["equal", "geometric", "one has half"]:
        for count in [2, 3, 5, 10, 30]:
            for share in [0.05, 0.2, 0.5]:
                for icc in [0, 0.1, 0.3]:
                    cells = " | ".join(coverage(kind, count, share, icc, rng))
                    print(f"| {kind} | {count} | {share} | {icc} | {cells} |", flush=True)
    most = " | ".join(str(most) for most in MOST_POOLED)
    print(f"\n| ICC | sizes | voices | themes | {most} |\n|---|---|---|---|{'---|' * len(MOST_POOLED)}")
    for case in [0, 0.05, 0.1, 0.3, "one differs", "few say one"]:
        for kind in ["equal", "geometric"]:
            for count in [2, 3, 5, 10, 30]:
                for themes in [5, 8, 12]:
                    cells = " | ".join(coverage_of_themes(case, kind, count, themes, rng))
                    print(f"| {case} | {kind} | {count} | {themes} | {cells} |", flush=True)
