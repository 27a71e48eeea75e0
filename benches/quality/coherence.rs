//! How well the words of a theme hang together in the texts themselves.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use themeweave::{Language, math::ln, words};

const EPSILON: f64 = 1e-12;

/// Mean NPMI of all pairs of terms in windows of 10 words (Aletras and Stevenson 2013), −1..=1, and mean
/// C_v in windows of 110 (Röder, Both and Hinneburg 2015), 0..=1, over themes. Stop words do not count;
/// pairs of terms that share a word are left out of the NPMI.
pub(crate) fn coherence(texts: &[&str], language: Language, themes: &[Vec<String>]) -> (f64, f64) {
    let stop: BTreeSet<&str> = language.stop_words().collect();
    let tokens = |text: &str| -> Vec<String> {
        let text = text.to_lowercase();
        let found = words(&text).map(|span| text[span].to_owned());
        found.filter(|word| word.chars().count() > 1 && !stop.contains(word.as_str())).collect()
    };
    let terms: Vec<Vec<String>> =
        themes.iter().flatten().collect::<BTreeSet<_>>().into_iter().map(|term| tokens(term)).collect();
    let numbers: BTreeMap<&String, usize> =
        themes.iter().flatten().collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
    let texts: Vec<Vec<String>> = texts.iter().map(|text| tokens(text)).collect();
    let narrow = npmi(&texts, &terms, 10);
    let wide = npmi(&texts, &terms, 110);
    let (mut sum_npmi, mut sum_cv) = (0.0, 0.0);
    for theme in themes {
        let own: Vec<usize> = theme.iter().map(|term| numbers[term]).collect();
        let mut pairs = Vec::new();
        for (i, &a) in own.iter().enumerate() {
            for &b in &own[..i] {
                if !terms[a].iter().any(|word| terms[b].contains(word)) {
                    pairs.push(narrow[a][b].unwrap_or(-1.0));
                }
            }
        }
        sum_npmi += pairs.iter().sum::<f64>() / pairs.len().max(1) as f64;
        let rows: Vec<Vec<f64>> =
            own.iter().map(|&a| own.iter().map(|&b| wide[a][b].unwrap_or(0.0)).collect()).collect();
        let all: Vec<f64> = (0..own.len()).map(|j| rows.iter().map(|row| row[j]).sum()).collect();
        let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let cosines = rows.iter().map(|row| {
            let product: f64 = row.iter().zip(&all).map(|(x, y)| x * y).sum();
            let lengths = length(row) * length(&all);
            if lengths > 0.0 { product / lengths } else { 0.0 }
        });
        sum_cv += cosines.sum::<f64>() / own.len().max(1) as f64;
    }
    (sum_npmi / themes.len() as f64, sum_cv / themes.len() as f64)
}

/// NPMI of each pair of terms over sliding windows; `None` for a term that is nowhere.
fn npmi(texts: &[Vec<String>], terms: &[Vec<String>], window: usize) -> Vec<Vec<Option<f64>>> {
    let mut first: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, term) in terms.iter().enumerate() {
        if let Some(word) = term.first() {
            first.entry(word).or_default().push(number);
        }
    }
    let k = terms.len();
    let (mut windows, mut both) = (0_u64, vec![0_u64; k * k]);
    for text in texts {
        let count = (text.len() + 1).saturating_sub(window).max(1);
        windows += count as u64;
        // For each term the windows with it, as runs.
        let mut runs: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for at in 0..text.len() {
            for &number in first.get(text[at].as_str()).into_iter().flatten() {
                let term = &terms[number];
                if text.get(at..at + term.len()).is_some_and(|here| here == term) {
                    let (from, to) =
                        ((at + 1).saturating_sub(window).min(at.min(count - 1)), at.min(count - 1));
                    let runs = runs.entry(number).or_default();
                    match runs.last_mut() {
                        Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
                        _ => runs.push((from, to)),
                    }
                }
            }
        }
        let runs: Vec<(usize, Vec<(usize, usize)>)> = runs.into_iter().collect();
        for (i, (a, of_a)) in runs.iter().enumerate() {
            for (b, of_b) in &runs[i..] {
                let mut shared = 0;
                for x in of_a {
                    for y in of_b {
                        shared += (x.1.min(y.1) + 1).saturating_sub(x.0.max(y.0));
                    }
                }
                both[a * k + b] += shared as u64;
                if a != b {
                    both[b * k + a] += shared as u64;
                }
            }
        }
    }
    let share = |a: usize, b: usize| both[a * k + b] as f64 / windows as f64;
    let score = |a: usize, b: usize| {
        let (pa, pb, pab) = (share(a, a), share(b, b), share(a, b));
        (pa > 0.0 && pb > 0.0)
            .then(|| if pab >= 1.0 { 1.0 } else { ln((pab + EPSILON) / (pa * pb)) / -ln(pab + EPSILON) })
    };
    (0..k).map(|a| (0..k).map(|b| score(a, b)).collect()).collect()
}
