"""Prints the cells of the tables of an output folder as pandas reads them, as JSON by name."""

import json
import sys
from pathlib import Path

import pandas

tables = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.suffix in (".csv", ".tsv"):
        separator = "\t" if path.suffix == ".tsv" else ","
        table = pandas.read_csv(path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        tables[path.name] = [list(table.columns), *table.values.tolist()]
print(json.dumps(tables))
