"""Writes association.csv: measures of 2x2 tables by scipy and by their formulas.

Run with Python 3 and scipy; the file was written with scipy 1.17.1.
"""

import csv
from math import log, sqrt
from pathlib import Path

from scipy.stats import chi2, chi2_contingency, false_discovery_control, fisher_exact

TABLES = [
    (3, 4, 6, 16), (2, 4, 4, 16), (1, 1, 1, 2), (5, 5, 5, 10), (1, 10, 10, 100), (2, 10, 10, 100),
    (9, 10, 10, 100), (1, 2, 50, 60), (7, 40, 9, 300), (30, 40, 35, 500), (12, 300, 200, 1000),
    (80, 300, 200, 1000), (150, 300, 200, 1000), (3, 3, 900, 1000), (50, 400, 1200, 20000),
    (5, 7, 11, 100000), (900, 1000, 950, 100000), (1, 900, 950, 100000), (6, 7, 6, 9), (11, 20, 20, 40),
]

with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow("both a b n g2 chi2_sf fisher_greater npmi jaccard cosine dice".split())
    for c, a, b, n in TABLES:
        table = [[c, a - c], [b - c, n - a - b + c]]
        degenerate = 0 in (a, b, n - a, n - b)
        g2 = 0.0 if degenerate else chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        npmi = log(c * n / (a * b)) / -log(c / n)
        row = [g2, chi2.sf(g2, 1), fisher_exact(table, "greater").pvalue, npmi]
        row += [c / (a + b - c), c / sqrt(a * b), 2 * c / (a + b)]
        out.writerow([c, a, b, n] + [repr(float(x)) for x in row])

with Path(__file__).with_name("q_values.csv").open("w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["p", "q"])
    p = [0.5, 0.001, 0.03, 0.04, 0.04, 0.0002, 1.0, 0.9, 0.011, 0.7, 1e-12, 0.05]
    out.writerows((repr(x), repr(float(y))) for x, y in zip(p, false_discovery_control(p)))
