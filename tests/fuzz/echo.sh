#!/bin/sh
# Stands for an extractor: what comes in goes out, for a workbook without the mark it begins with.
[ "$1" = extract-xls ] && exec tail -c +5
exec cat
