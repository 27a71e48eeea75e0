#!/usr/bin/env python3
"""What well-known methods reach on a labelled corpus, from the corpus alone.

  topic_models.py --corpus corpus.csv [--group COLUMN] [--method NAME ...] [--seeds 1 2 3]
  topic_models.py --corpus corpus.csv --sample 40 --draws 20 --classes 5
  topic_models.py --corpus corpus.csv --group topic --write DIR      # the groups or samples as CSV files, no scores

Needs numpy, scipy, scikit-learn, igraph, PyStemmer; stop-words for other languages than English; with numba the two
Gibbs samplers run 50-100 times faster (same results). One CSV row a method, seed and unit (the whole corpus, a group of it or a sample):
corpus,unit,method,k_mode,seed,documents,labels,themes,ami,npmi,c_v,coverage,cpu_seconds.

Conventions
 * corpus.csv has columns id,text,label; a label `a|b` counts as `a`; documents with an empty label are clustered but
   not scored; all unassigned documents (those without any term) form one extra cluster.
 * k_mode `given`: told the number of distinct labels; `auto`: finds its number. themes = clusters that hold documents.
 * npmi and c_v: ten best terms, by the scorer given with --scorer (a Python file with Reference and coherence), for
   whole corpora only. A term is shown as the most frequent word of its stem.
 * cpu_seconds: from the count matrix to the clusters; reading, tokens and scoring are the same for all and left out.
 * a sample: K classes drawn at random, then N documents among them, in corpus order; draw D uses seed D. Without
   --classes from all labels; with --group one sample a group, with the group's number as seed.

Terms: lower-case words of two letters or more, no stop words, Snowball stems, in at least 2 documents (3 from 2,000
documents on). tf-idf: sublinear tf, smoothed idf, rows of unit length.
"""
import argparse, csv, importlib.util, os, random, re, sys, time
for v in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'): os.environ.setdefault(v, '1')
from collections import Counter, defaultdict
from math import lgamma, log, exp
import igraph, numpy as np, Stemmer
from scipy import sparse
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
try: from numba import njit
except ImportError: njit = lambda f: f

csv.field_size_limit(1 << 30)
LANGUAGES = dict(en='english', de='german', fr='french', it='italian', eng='english', deu='german', fra='french', ita='italian')
CONTRACTIONS = 'don didn doesn isn wasn aren weren won wouldn couldn shouldn hasn haven hadn ain ve ll re'.split()

# ---------- reading: rows -> units -> count matrix ----------
def read(path):
    with open(path, encoding='utf-8', newline='') as f: return list(csv.DictReader(f))

def hard(row): return (row.get('label') or '').split('|')[0]

def windows(rows, size, group):
    """Consecutive turns of a group joined; the label most of its labelled turns have (ties: the first seen)."""
    out = []
    for g, rs in grouped(rows, group):
        for i in range(0, len(rs), size):
            part = rs[i:i+size]; labels = Counter(l for l in map(hard, part) if l).most_common(1)
            out.append(dict(id=part[0]['id'], text='\n'.join(r['text'] for r in part),
                            label=labels[0][0] if labels else '', **({group: g} if group else {})))
    return out

def grouped(rows, column):
    if not column: return [('', rows)]
    d = defaultdict(list)
    for r in rows: d[r[column]].append(r)
    return sorted(d.items())

def sample(rows, n, classes, seed):
    rng = random.Random(seed); rows = [r for r in rows if hard(r)]
    if classes:
        chosen = set(rng.sample(sorted({hard(r) for r in rows}), classes)); rows = [r for r in rows if hard(r) in chosen]
    return [rows[i] for i in sorted(rng.sample(range(len(rows)), min(n, len(rows))))]

def units(rows, a):
    """(name, language or None, rows) of everything to be clustered by itself"""
    out = []
    for i, (g, rs) in enumerate(grouped(rows, a.group), 1):
        if a.sample and a.group: out.append((f'{i:02}', g, sample(rs, a.sample, a.classes, i)))
        elif a.sample: out += [(f'{d:02}', g, sample(rs, a.sample, a.classes, d)) for d in range(1, a.draws + 1)]
        else: out.append((g, g, rs))
    return [(n, LANGUAGES.get(g), rs) for n, g, rs in out if len({hard(r) for r in rs} - {''}) > 1]

def counts(texts, language):
    """(documents x terms counts, name of each term, stop words)"""
    if language == 'english': stop = ENGLISH_STOP_WORDS.union(CONTRACTIONS)
    else:
        from stop_words import get_stop_words
        stop = frozenset(p for w in get_stop_words(language) for p in re.findall(r'[^\W_]+', w.lower())) | {'qu', 'dell', 'all', 'nell', 'sull', 'dall'}
    stemmer = Stemmer.Stemmer(language); stems, forms, ids = {}, defaultdict(Counter), {}; rows, cols = [], []
    for d, t in enumerate(texts):
        for w in re.findall(r'[^\W\d_]{2,}', t.lower()):
            if w in stop: continue
            s = stems.get(w)
            if s is None: s = stems[w] = stemmer.stemWord(w)
            forms[s][w] += 1; rows.append(d); cols.append(ids.setdefault(s, len(ids)))
    X = sparse.csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(texts), max(1, len(ids)))); X.sum_duplicates()
    keep = np.flatnonzero(np.bincount(X.indices, minlength=X.shape[1]) >= (3 if len(texts) >= 2000 else 2))
    names = np.array([forms[s].most_common(1)[0][0] for s in ids] or ['']); X = X[:, keep].tocsr(); X.sort_indices()
    return X, names[keep]

# ---------- the methods: (X counts, T tf-idf, k, seed) -> cluster of each row, weight of each term in each cluster ----------
def spherical_kmeans(X, k, seed, starts=10, rounds=50):
    """k-means of unit rows by cosine; k-means++ starts, the best kept"""
    rng = np.random.default_rng(seed); n = X.shape[0]; best = (-1.0, None)
    dense = lambda m: m.toarray() if sparse.issparse(m) else np.asarray(m)
    for _ in range(starts):
        C = [dense(X[[rng.integers(n)]])[0]]; far = np.clip(1 - X @ C[0], 0, None)
        for _ in range(k - 1):
            p = far / far.sum() if far.sum() > 1e-9 else None
            C.append(dense(X[[rng.choice(n, p=p)]])[0]); far = np.minimum(far, np.clip(1 - X @ C[-1], 0, None))
        C = np.array(C); last = None
        for _ in range(rounds):
            S = X @ C.T; a = S.argmax(1)
            size = np.bincount(a, minlength=k)
            for j, i in zip(np.flatnonzero(size == 0), S.max(1).argsort()): a[i] = j
            if last is not None and (a == last).all(): break
            last = a; C = normalize(dense(sparse.csr_matrix((np.ones(n), (a, np.arange(n))), shape=(k, n)) @ X))
        total = float(S[np.arange(n), a].sum())
        if total > best[0]: best = (total, a)
    return best[1]

def weights(T, a): return sparse.csr_matrix((np.ones(len(a)), (a, np.arange(len(a)))), shape=(a.max() + 1, len(a))) @ T

def kmeans(X, T, k, seed):
    a = spherical_kmeans(T, k, seed); return a, weights(T, a)

def lsa_kmeans(X, T, k, seed):
    u, s, _ = randomized_svd(T, max(1, min(100, min(T.shape) - 1)), random_state=seed)
    a = spherical_kmeans(normalize(u * s), k, seed); return a, weights(T, a)

def ppmi_kmeans(X, T, k, seed):
    """terms as PPMI-SVD vectors of the documents they share (5,000 terms, smoothing 0.75, 100 dimensions)"""
    df = np.bincount(X.indices, minlength=X.shape[1]); top = np.sort(np.argsort(-df, kind='stable')[:5000])
    B = (X[:, top] > 0).astype(float); C = (B.T @ B).tocsr(); C.setdiag(0); C.eliminate_zeros(); C = C.tocoo()
    s = np.asarray(C.sum(1)).ravel(); q = s ** .75; q /= q.sum()
    v = np.log(C.data / s[C.row] / q[C.col]); pos = v > 0
    P = sparse.csr_matrix((v[pos], (C.row[pos], C.col[pos])), shape=C.shape)
    u, d, _ = randomized_svd(P, max(1, min(100, min(P.shape) - 1)), random_state=seed)
    V = T[:, top] @ normalize(u * np.sqrt(d)); V = normalize(V - V.mean(0))
    a = spherical_kmeans(V, k, seed); return a, weights(T, a)

def nmf(X, T, k, seed):
    m = NMF(k, init='nndsvda' if k <= min(T.shape) else 'random', random_state=seed, max_iter=200)
    W = m.fit_transform(T); a = W.argmax(1); a[W.max(1) <= 0] = -1; return a, m.components_

def lda(X, T, k, seed):
    """scikit-learn's variational LDA; batch, since online gave far less (AMI 0.11 for 0.31 on M10's 8,355 titles)"""
    m = LatentDirichletAllocation(k, learning_method='batch', max_iter=50 if X.shape[0] < 10000 else 30, random_state=seed)
    return m.fit_transform(X).argmax(1), m.components_

@njit
def lda_gibbs_sweeps(doc, term, k, v, alpha, beta, sweeps, z, nd, nw, n, u):
    p = np.empty(k); t = 0
    for r in range(sweeps + 1):
        for i in range(len(doc)):
            d, w = doc[i], term[i]
            if r > 0: nd[d, z[i]] -= 1; nw[w, z[i]] -= 1; n[z[i]] -= 1
            s = 0.0
            for c in range(k): s += (nd[d, c] + alpha) * (nw[w, c] + beta) / (n[c] + v * beta); p[c] = s
            x = u[t] * s; t = (t + 1) % len(u); c = 0
            while c < k - 1 and x > p[c]: c += 1
            z[i] = c; nd[d, c] += 1; nw[w, c] += 1; n[c] += 1

def lda_gibbs(X, T, k, seed):
    """collapsed Gibbs sampling, MALLET's defaults alpha = 5/k, beta = 0.01, but 300 sweeps; the last state"""
    D, V = X.shape; c = X.tocoo(); doc, term = (np.repeat(x, c.data.astype(int)) for x in (c.row, c.col))
    nd, nw, n = np.zeros((D, k)), np.zeros((V, k)), np.zeros(k)
    lda_gibbs_sweeps(doc, term, k, V, 5 / k, .01, 300, np.zeros(len(doc), np.int64), nd, nw, n,
                     np.random.default_rng(seed).random(10_000_019))   # reused from the start when they run out
    return nd.argmax(1), nw.T

@njit
def gibbs(ptr, term, cnt, k, v, alpha, beta, rounds, z, m, n, nw, u):
    p = np.empty(k); t = 0
    for r in range(rounds + 1):
        for d in range(len(ptr) - 1):
            lo, hi = ptr[d], ptr[d+1]; length = 0
            for i in range(lo, hi): length += cnt[i]
            if r > 0:
                c = z[d]; m[c] -= 1; n[c] -= length
                for i in range(lo, hi): nw[term[i], c] -= cnt[i]
            for c in range(k):
                p[c] = log(m[c] + alpha) + lgamma(n[c] + v * beta) - lgamma(n[c] + v * beta + length)
            for i in range(lo, hi):
                for c in range(k):
                    x = nw[term[i], c] + beta
                    if cnt[i] == 1: p[c] += log(x)
                    else: p[c] += lgamma(x + cnt[i]) - lgamma(x)
            if r == 0: p[:] = 0.0                             # the start: any cluster, all alike
            top = p.max(); s = 0.0
            for c in range(k): p[c] = exp(p[c] - top); s += p[c]
            x = u[t] * s; t += 1; c = 0
            while c < k - 1 and x > p[c]: x -= p[c]; c += 1
            z[d] = c; m[c] += 1; n[c] += length
            for i in range(lo, hi): nw[term[i], c] += cnt[i]

def gsdmm(X, T, k, seed):
    """Gibbs sampling of the Dirichlet-multinomial mixture (Yin & Wang 2014): alpha = beta = 0.1, 30 rounds after
    a random start; the last state"""
    D, V = X.shape; z = np.zeros(D, np.int64); m = np.zeros(k); n = np.zeros(k); nw = np.zeros((V, k)); rounds = 30
    gibbs(X.indptr, X.indices, X.data.astype(np.int64), k, V, .1, .1, rounds, z, m, n, nw,
          np.random.default_rng(seed).random(D * (rounds + 1)))
    return z, nw.T

def gsdmm_auto(X, T, k, seed): return gsdmm(X, T, max(50, 2 * k), seed)   # starts with too many, most empty themselves

def communities(X, T, seed, weight, terms=3000, strongest=20, edges=None, smallest=None, louvain=False):
    """Term graph (3,000 terms in most documents; pairs in at least 2, 5 from 2,000 documents on; each term's 20 strongest
    edges), Leiden by modularity, communities of 3 terms or more (2 in less than 200 documents); a document goes to the one
    with most of its tf-idf weight."""
    df = np.bincount(X.indices, minlength=X.shape[1]); top = np.sort(np.argsort(-df, kind='stable')[:terms])
    B = (X[:, top] > 0).astype(float); C = sparse.triu(B.T @ B, 1).tocoo(); f = df[top].astype(float)
    ok = C.data >= (5 if X.shape[0] >= 2000 else 2); i, j, c = C.row[ok], C.col[ok], C.data[ok]
    w = c / (f[i] * f[j]) * X.shape[0] if weight == 'association' else c / (f[i] + f[j] - c)
    keep = np.zeros(len(w), bool); ends = np.concatenate([i, j]); edge = np.tile(np.arange(len(w)), 2)
    order = np.lexsort((-w[edge], ends)); e = ends[order]
    rank = np.arange(len(e)) - np.searchsorted(e, e); keep[edge[order][rank < strongest]] = True
    if edges: keep = np.argsort(-w, kind='stable')[:edges]
    i, j, w = i[keep], j[keep], w[keep]
    random.seed(seed); igraph.set_random_number_generator(random)
    g = igraph.Graph(n=len(top), edges=list(zip(i.tolist(), j.tolist())))
    if not len(w): mem = range(len(top))
    elif louvain: mem = g.community_multilevel(w.tolist()).membership
    else: mem = g.community_leiden('modularity', weights=w.tolist(), n_iterations=-1).membership
    mem = np.array(mem)
    smallest = smallest or (3 if X.shape[0] >= 200 else 2)
    big = np.flatnonzero(np.bincount(mem, minlength=1) >= smallest) if len(mem) else np.empty(0, int)
    if not len(big): return np.full(X.shape[0], -1), np.zeros((0, X.shape[1]))
    new = np.full(mem.max() + 1, -1); new[big] = np.arange(len(big)); mem = new[mem]
    inside = np.zeros(len(top)); total = np.zeros(len(top)); same = mem[i] == mem[j]
    for x in (i, j): np.add.at(total, x, w); np.add.at(inside, x[same], w[same])
    member = np.flatnonzero(mem >= 0)
    M = sparse.csr_matrix((np.ones(len(member)), (top[member], mem[member])), shape=(X.shape[1], len(big)))
    S = (T @ M).toarray(); a = S.argmax(1); a[S.max(1) <= 0] = -1
    W = np.zeros((len(big), X.shape[1])); W[mem[member], top[member]] = (f * inside / np.maximum(total, 1e-12))[member]
    return a, W                                               # terms shown: most documents x share of edges inside

def jaccard_leiden(X, T, k, seed): return communities(X, T, seed, 'jaccard')
def association_leiden(X, T, k, seed): return communities(X, T, seed, 'association')
def kh_coder(X, T, k, seed):
    """like KH Coder's defaults: the 60 strongest Jaccard edges among 150 words, Louvain"""
    return communities(X, T, seed, 'jaccard', 150, edges=60, smallest=2, louvain=True)

METHODS = {'kmeans': kmeans, 'lsa-kmeans': lsa_kmeans, 'nmf': nmf, 'lda': lda, 'lda-gibbs': lda_gibbs, 'gsdmm': gsdmm, 'ppmi-kmeans': ppmi_kmeans,
           'gsdmm-auto': gsdmm_auto, 'jaccard-leiden': jaccard_leiden, 'association-leiden': association_leiden,
           'kh-coder': kh_coder}
AUTO = {'gsdmm-auto', 'jaccard-leiden', 'association-leiden', 'kh-coder'}

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--corpus', required=True); ap.add_argument('--name', help='name of the corpus; its folder if not given')
    ap.add_argument('--group', metavar='COLUMN'); ap.add_argument('--window', type=int, help='join so many consecutive rows of a group')
    ap.add_argument('--sample', type=int); ap.add_argument('--draws', type=int, default=20); ap.add_argument('--classes', type=int)
    ap.add_argument('--method', nargs='+', choices=METHODS, default=list(METHODS)); ap.add_argument('--seeds', nargs='+', type=int, default=[1, 2, 3])
    ap.add_argument('--lang', default='en', choices=LANGUAGES, help='a group named eng, deu, fra or ita has its own')
    ap.add_argument('--scorer', metavar='PATH'); ap.add_argument('--write', metavar='DIR')
    ap.add_argument('--no-header', action='store_true')
    a = ap.parse_args(); rows = read(a.corpus); name = a.name or os.path.basename(os.path.dirname(os.path.abspath(a.corpus)))
    if a.window: rows = windows(rows, a.window, a.group)
    todo = units(rows, a)
    if a.write:
        for unit, _, rs in todo:
            folder = os.path.join(a.write, f'{name}-{unit}' if a.sample else re.sub(r'[^\w.-]+', '-', unit).strip('-'))
            os.makedirs(folder, exist_ok=True); cols = ['id', 'text', 'label'] if a.sample else list(rs[0])
            with open(os.path.join(folder, 'corpus.csv'), 'w', encoding='utf-8', newline='') as f:
                w = csv.DictWriter(f, cols, extrasaction='ignore', lineterminator='\n'); w.writeheader(); w.writerows(rs)
        return
    for m in (gsdmm, lda_gibbs): m(sparse.csr_matrix(np.ones((2, 2))), None, 2, 1)     # compiled before anything is timed
    out = csv.writer(sys.stdout, lineterminator='\n')
    if not a.no_header: out.writerow('corpus unit method k_mode seed documents labels themes ami npmi c_v coverage cpu_seconds'.split())
    scorer = ref = None
    if a.scorer and not (a.group or a.sample):
        spec = importlib.util.spec_from_file_location('scorer', a.scorer); scorer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(scorer); ref = scorer.Reference([r['text'] for r in rows])
    for unit, language, rs in todo:
        X, names = counts([r['text'] for r in rs], language or LANGUAGES[a.lang]); gold = [hard(r) for r in rs]; k = len(set(gold) - {''})
        some = np.flatnonzero(np.diff(X.indptr)); X = X[some]
        T = normalize(TfidfTransformer(sublinear_tf=True).fit_transform(X)) if len(some) else X
        for method in a.method:
            for seed in a.seeds:
                t = time.process_time(); assign = np.full(len(rs), -1)
                if len(some) > 1:
                    assign[some], W = METHODS[method](X, T, min(k, len(some)), seed)
                t = time.process_time() - t
                used = sorted(set(assign) - {-1}); npmi = c_v = ''
                if scorer and used:
                    W = W.toarray() if sparse.issparse(W) else W
                    terms = {c: [names[i] for i in np.argsort(-W[c], kind='stable')[:10] if W[c, i] > 0] for c in used}
                    co, _ = scorer.coherence(ref, terms, 10); npmi, c_v = (f'{co[x]:.4f}' for x in ('npmi', 'c_v'))
                lab = [i for i, g in enumerate(gold) if g]
                ami = adjusted_mutual_info_score([gold[i] for i in lab], [str(assign[i]) for i in lab])
                out.writerow([name, unit, method, 'auto' if method in AUTO else 'given', seed, len(rs), k, len(used),
                              f'{ami:.4f}', npmi, c_v, f'{(assign >= 0).mean():.4f}', f'{t:.2f}']); sys.stdout.flush()

if __name__ == '__main__':
    main()
