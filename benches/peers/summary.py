#!/usr/bin/env python3
"""Results of topic_models.py as Markdown tables: summary.py results.csv > results.md
Medians over the seeds of a unit, then means over the units (groups, samples) of a corpus."""
import sys
import pandas as pd

d = pd.read_csv(sys.argv[1], keep_default_na=False, dtype={'unit': str})
for c in ('ami', 'npmi', 'c_v', 'coverage', 'themes', 'cpu_seconds'): d[c] = pd.to_numeric(d[c], errors='coerce')
d['whole'] = d.unit == ''
order = list(dict.fromkeys(d.method)); told = [m for m in order if (d[d.method == m].k_mode == 'given').all()]
order = [m for m in ('kmeans', 'lsa-kmeans', 'nmf', 'lda', 'lda-gibbs', 'gsdmm', 'ppmi-kmeans') if m in told] + [m for m in order if m not in told]
auto = [m for m in order if m not in told]
key = ['whole', 'corpus', 'method']
unit = d.groupby(key + ['unit'], sort=False)[['ami', 'npmi', 'c_v', 'themes', 'coverage', 'cpu_seconds']].median().reset_index()
mean = unit.groupby(key, sort=False)[['ami', 'npmi', 'c_v', 'themes', 'coverage', 'cpu_seconds']].mean().reset_index()
facts = d.drop_duplicates(['whole', 'corpus', 'unit']).groupby(['whole', 'corpus'], sort=False).agg(units=('unit', 'size'), n=('documents', 'mean'), k=('labels', 'mean'))

def table(title, whole, cell, cols):
    print(f'\n{title}\n'); print('| corpus | units | documents | labels | ' + ' | '.join(cols) + ' |'); print('|---' * (4 + len(cols)) + '|')
    for (w, c), f in facts.iterrows():
        if w != whole: continue
        r = mean[(mean.whole == w) & (mean.corpus == c)].set_index('method')
        best = {max((m for m in ms if m in r.index), key=lambda m: r.ami[m], default=None) for ms in (told, auto)}
        cells = [('–' if m not in r.index else cell(r.loc[m], m in best)) for m in cols]
        print(f'| {c} | {f.units:.0f} | {f.n:,.0f} | {f.k:.0f} | ' + ' | '.join(cells) + ' |')

ami = lambda r, b: f'**{r.ami:.3f}**' if b else f'{r.ami:.3f}'
coherent = lambda r, b: f'{r.npmi:.3f} / {r.c_v:.3f}'
number = lambda r, b: f'{r.themes:.0f}' + (f' ({r.coverage:.2f})' if r.coverage < .95 else '')
print('Medians over the seeds, means over the units. Bold: best of those told the number of labels, best of those that find it.')
table('## AMI, groups and samples, each by itself', False, ami, order)
table('## AMI, whole corpora', True, ami, order)
print('\n## AMI of each unit, where there are few\n'); print('| unit | ' + ' | '.join(order) + ' |'); print('|---' * (1 + len(order)) + '|')
for (w, c), f in facts.iterrows():
    if w or f.units > 7: continue
    for u, r in unit[(unit.corpus == c) & ~unit.whole].groupby('unit'):
        r = r.set_index('method').ami; print(f'| {c} {u} | ' + ' | '.join(f'{r[m]:.3f}' for m in order) + ' |')
table('## NPMI / C_v of the ten best terms, whole corpora', True, coherent, order)
table('## Themes found by the methods that find their number (share of documents given one, if under 0.95), groups and samples', False, number, auto)
table('## The same, whole corpora', True, number, auto)
table('## CPU seconds a run, whole corpora', True, lambda r, b: f'{r.cpu_seconds:.2f}', order)
print('\n## Spread between seeds (largest - smallest AMI, mean over units)\n'); print('| corpus | ' + ' | '.join(order) + ' |'); print('|---' * (1 + len(order)) + '|')
s = d.groupby(key + ['unit'], sort=False).ami.agg(lambda x: x.max() - x.min()).reset_index().groupby(['whole', 'corpus', 'method'], sort=False).ami.mean()
for (w, c), _ in facts.iterrows(): print(f'| {c}{"" if w else " (units)"} | ' + ' | '.join(f'{s[w, c, m]:.3f}' if (w, c, m) in s.index else '–' for m in order) + ' |')
