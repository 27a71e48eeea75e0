//! How sure a share is, when notes of one person or one document are alike.

use crate::math;
use crate::theme::cluster::{Grouping, NONE};

/// 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Most degrees of freedom that the design effect of all groups counts for in that of one. In simulations
/// (`benches/intervals.py`) two take most of the width that can be taken from the intervals where voices are few; with four,
/// fewer hold the share of a theme whose voices differ more than those of others: 92 instead of 93 % with 5 voices or
/// more of one size, 89 instead of 91 % with such of different sizes.
const MOST_POOLED: f64 = 2.0;

/// 95 % intervals of the shares of groups, none of them empty: Wilson's (1927) with the effective number of segments in
/// place of their number.
///
/// The variance of a share is that between clusters, so that ten notes of one speaker count for less than ten notes
/// of ten speakers, made free of bias (CR2; Bell and McCaffrey 2002, "Bias reduction in standard errors for linear
/// regression with multi-stage samples"). It is so many times that of independent segments: the design effect. Few clusters
/// tell little of the design effect of one group, but more of the mean over all (Rao and Scott 1981, "The analysis of
/// categorical data from complex sample surveys"). So the first is moderated by the second, each weighing as much as it has
/// degrees of freedom, as Smyth (2004, "Linear models and empirical Bayes methods for assessing differential expression in
/// microarray experiments") does with the variances of genes. The effective number is that of segments over the moderated
/// effect, times the square of the normal over Student's t quantile (Korn and Graubard 1998, "Confidence intervals for
/// proportions with small expected number of positive counts estimated from survey data") with the degrees of freedom of
/// both, at most those of the mean (as limma has it, the program of Smyth). It is never taken to be more than the number
/// of segments. A group and its complement have one design effect, so a single group is not moderated.
///
/// Takes time in proportion to the segments, and to the clusters for each group.
pub(crate) fn share_intervals(clusters: &[u32], grouping: &Grouping) -> Vec<(f64, f64)> {
    let n = clusters.len() as f64;
    let mut members = grouping.members();
    let none = (0..).zip(&grouping.group).filter(|(_, group)| **group == NONE);
    let none: Vec<u32> = none.map(|(segment, _)| segment).collect();
    if !none.is_empty() {
        members.push(none);
    }
    let effective = effective_numbers(clusters, &members).into_iter();
    members[..grouping.groups].iter().zip(effective).map(|(own, m)| wilson(own.len() as f64 / n, m)).collect()
}

/// The effective number of segments for the share of each of these parts of all segments.
fn effective_numbers(clusters: &[u32], parts: &[Vec<u32>]) -> Vec<f64> {
    let n = clusters.len() as f64;
    let groups = clusters.iter().max().map_or(0, |&last| last as usize + 1);
    if parts.len() < 2 || !(2..clusters.len()).contains(&groups) {
        return vec![n; parts.len()];
    }
    let mut sizes = vec![0.0; groups];
    clusters.iter().for_each(|&cluster| sizes[cluster as usize] += 1.0);
    let shares: Vec<f64> = parts.iter().map(|own| own.len() as f64 / n).collect();
    let effect = |(own, &share): (&Vec<u32>, &f64)| {
        variance(clusters, &sizes, own, share) / (share * (1.0 - share) / n)
    };
    let effects: Vec<f64> = parts.iter().zip(&shares).map(effect).collect();

    // Rao and Scott's mean. Made free of the covariance of the parts, their deviations are those of one part less than
    // there are which are independent of each other.
    let others = (parts.len() - 1) as f64;
    let mean =
        effects.iter().zip(&shares).map(|(effect, share)| (1.0 - share) * effect).sum::<f64>() / others;
    let degrees = degrees_of_freedom(sizes.iter().map(|size| size / n));
    let pooled = MOST_POOLED.min(degrees * others);
    let t = student_t((pooled + degrees).min(degrees * others));
    let effective = |effect: f64| {
        let moderated = (pooled * mean + degrees * effect) / (pooled + degrees);
        n * ((Z / t) * (Z / t) / moderated).min(1.0)
    };
    effects.into_iter().map(effective).collect()
}

/// The variance between clusters of these sizes (CR2) of the share that some segments have of all. Clusters of one size
/// have Cochran's (1977, §11.8).
fn variance(clusters: &[u32], sizes: &[f64], own: &[u32], share: f64) -> f64 {
    let n = clusters.len() as f64;
    let mut having = vec![0.0; sizes.len()];
    own.iter().for_each(|&segment| having[clusters[segment as usize] as usize] += 1.0);
    let square = |(having, all): (f64, &f64)| {
        let deviation = having - share * all;
        deviation * deviation / (n * (n - all))
    };
    having.into_iter().zip(sizes).map(square).sum()
}

/// Wilson's 95 % interval of a share of `n` segments.
fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z / n;
    let center = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt() / (1.0 + z2);
    ((center - half).max(0.0), (center + half).min(1.0))
}

/// Bell and McCaffrey's degrees of freedom of the variance of a mean between clusters that have these shares of all
/// segments, at least two: those of the χ² with its mean and variance where segments are independent. From 1 to
/// the number of clusters less one, which it is where all are of one size.
///
/// The deviations of clusters g and h have the covariance n·(w(g)·[g = h] − w(g)·w(h)), so that the variance, Σ of the
/// squares over n²(1 − w(g)), has the degrees 1 / (Σ w(g)² + Σ over g ≠ h of u(g)·u(h)), u = w² / (1 − w).
fn degrees_of_freedom(shares: impl Iterator<Item = f64>) -> f64 {
    let [mut squares, mut before, mut pairs] = [0.0; 3];
    for w in shares {
        let u = w * w / (1.0 - w);
        squares += w * w;
        pairs += 2.0 * u * before;
        before += u;
    }
    1.0 / (squares + pairs)
}

/// 97.5 % point of Student's t distribution with `df` ≥ 1 degrees of freedom, to ten digits up to 10,000 and eight up to
/// a million.
fn student_t(df: f64) -> f64 {
    /// Many more than are needed: a dozen.
    const MOST_STEPS: usize = 100;
    let density_at_0 = math::exp(math::ln_gamma((df + 1.0) / 2.0) - math::ln_gamma(df / 2.0))
        / (std::f64::consts::PI * df).sqrt();
    // The distribution function is concave above 0, so Newton's method comes ever closer from below.
    let mut t = Z;
    for _ in 0..MOST_STEPS {
        let x = t * t / (df + t * t);
        let density = density_at_0 * math::pow(1.0 - x, (df + 1.0) / 2.0);
        let step = (0.475 - density * t * series(df, x)) / density;
        t += step;
        if step <= 1e-12 * t {
            break;
        }
    }
    t
}

/// The probability from 0 to t is t times the density at t times this, where x = t²/(df + t²): the series
/// 1 + (df + 1)/3·x + (df + 1)(df + 3)/(3·5)·x² + … of the incomplete beta function (Abramowitz and Stegun 1964, 26.5.4
/// and 26.7.1).
fn series(df: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * (f64::EPSILON / 16.0) * (1.0 - x) {
        term *= (df + k) / (k + 2.0) * x;
        sum += term;
        k += 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: (f64, f64), wanted: (f64, f64)) {
        assert!(
            (found.0 - wanted.0).abs() < 5e-5 && (found.1 - wanted.1).abs() < 5e-5,
            "{found:?} {wanted:?}"
        );
    }

    /// Voices and themes of segments: of each voice as many segments as `sizes` has, of each theme as many of these as
    /// `having` has, and the rest without a theme.
    fn said<const VOICES: usize>(sizes: [usize; VOICES], having: &[[usize; VOICES]]) -> (Vec<u32>, Grouping) {
        let (mut clusters, mut group) = (Vec::new(), Vec::new());
        for (voice, size) in sizes.into_iter().enumerate() {
            for (theme, counts) in (0..).zip(having) {
                group.resize(group.len() + counts[voice], theme);
            }
            clusters.resize(clusters.len() + size, voice as u32);
            group.resize(clusters.len(), NONE);
        }
        (clusters, Grouping { group, groups: having.len() })
    }

    fn intervals<const VOICES: usize>(sizes: [usize; VOICES], having: &[[usize; VOICES]]) -> Vec<(f64, f64)> {
        let (clusters, grouping) = said(sizes, having);
        share_intervals(&clusters, &grouping)
    }

    #[test]
    fn independent_segments_have_the_interval_of_wilson() {
        // 10 of 40: Wilson's interval is 0.142 to 0.402 (Newcombe 1998, method 3).
        let (_, grouping) = said([40], &[[10], [20]]);
        let clusters: Vec<u32> = (0..40).collect();
        close(share_intervals(&clusters, &grouping)[0], (0.1419, 0.4019));
        // Nothing is known of one voice.
        close(intervals([40], &[[10], [20]])[0], (0.1419, 0.4019));
    }

    #[test]
    fn one_loud_voice_widens_the_interval() {
        // Four speakers with ten segments each; one of them says it ten times, the others never. Then
        // the variance is 4/3 · (7.5² + 3 · 2.5²) / 40² = 0.0625, as of 3 independent segments, and t² = 3.18245² with
        // three degrees of freedom takes the place of 1.95996².
        let found = intervals([10; 4], &[[10, 0, 0, 0]])[0];
        let z2 = 3.18245_f64 * 3.18245 / 3.0;
        let center = (0.25 + z2 / 2.0) / (1.0 + z2);
        let half = 3.18245 * (0.0625_f64 + z2 / 12.0).sqrt() / (1.0 + z2);
        close(found, (center - half, center + half));
        // By matrices (`benches/intervals.py`).
        close(found, (0.016429676, 0.869310417));
    }

    #[test]
    fn voices_of_different_sizes_are_as_by_matrices() {
        // Numbers of segments, and of those of the theme; see `benches/intervals.py`.
        let sizes = [20, 5, 3, 2, 1];
        let degrees = degrees_of_freedom(sizes.iter().map(|&size| size as f64 / 31.0));
        assert!((degrees - 1.760624458).abs() < 1e-9, "{degrees}");
        close(intervals(sizes, &[[6, 3, 0, 1, 0]])[0], (0.108101482, 0.651674368));
    }

    #[test]
    fn a_theme_is_moderated_by_the_others() {
        // Of two voices with ten segments each the first says two themes 6 and 2 times and has none in 2, the other 2, 2
        // and 6. The shares are 2/5, 1/5 and 2/5, the variances 2 · 2² / (20 · 10) = 1/25, 0 and 1/25, those of independent
        // segments 3/250, 2/250 and 3/250: the effects are 10/3, 0 and 10/3, and their mean (3/5 + 3/5) · 10/3 / 2 = 2 has
        // two degrees of freedom, where one theme has one. Moderated they are (2 · 2 + 10/3) / 3 and 2 · 2 / 3, and
        // 4.30265, Student's t with two degrees, takes the place of 1.95996.
        let found = intervals([10, 10], &[[6, 2], [2, 2]]);
        let ratio = (4.302652729749462_f64 / Z) * (4.302652729749462 / Z);
        close(found[0], wilson(0.4, 20.0 / (ratio * 22.0 / 9.0)));
        close(found[1], wilson(0.2, 20.0 / (ratio * 4.0 / 3.0)));
        // In place of none, the segments of the third may have a theme.
        assert_eq!(intervals([10, 10], &[[6, 2], [2, 2], [2, 6]])[..2], found);
    }

    #[test]
    fn several_themes_are_as_by_matrices() {
        // See `benches/intervals.py`.
        let found = intervals([20, 5, 3, 2, 1], &[[6, 3, 0, 1, 0], [8, 0, 1, 0, 1], [2, 1, 2, 0, 0]]);
        close(found[0], (0.154728531, 0.553324188));
        close(found[1], (0.128687242, 0.605573068));
        close(found[2], (0.042722252, 0.453151926));
        let found = intervals([10, 20], &[[5, 1], [2, 4], [2, 10]]);
        close(found[0], (0.020289738, 0.751112212));
        close(found[1], (0.039652154, 0.602181151));
        close(found[2], (0.102877552, 0.794900657));
    }

    #[test]
    fn voices_of_one_size_have_one_degree_less() {
        for groups in [2, 3, 10, 1000] {
            let degrees = degrees_of_freedom((0..groups).map(|_| 1.0 / f64::from(groups)));
            assert!((degrees / f64::from(groups - 1) - 1.0).abs() < 1e-12, "{degrees}");
        }
        // However great one of two is.
        assert!((degrees_of_freedom([0.999, 0.001].into_iter()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn voices_that_agree_better_than_chance_are_no_more_than_segments() {
        close(intervals([10; 4], &[[2; 4]])[0], (0.1050, 0.3476));
        // 7 and 7, 2 and 2, 1 and 1: no difference at all.
        close(intervals([10; 2], &[[2; 2], [7; 2]])[0], wilson(0.2, 20.0));
    }

    #[test]
    fn quantiles_of_student_are_those_of_scipy() {
        // scipy.stats.t.ppf(0.975, df) of scipy 1.17.1.
        for (df, wanted, error) in [
            (1.0, 12.706204736174694, 1e-10),
            (1.5, 6.016663104427929, 1e-10),
            (2.0, 4.302652729749462, 1e-10),
            (3.0, 3.1824463052837078, 1e-10),
            (4.25, 2.7132058471460594, 1e-10),
            (10.0, 2.228138851986274, 1e-10),
            (29.5, 2.043724966772122, 1e-10),
            (1e3, 1.9623390808264083, 1e-10),
            (1e6, 1.959966356814107, 1e-8),
        ] {
            let found = student_t(df);
            assert!((found / wanted - 1.0).abs() < error, "{df}: {found}, but scipy has {wanted}");
        }
    }

    #[test]
    fn a_share_of_none_or_all_stays_within_0_and_1() {
        for clusters in [[0, 1, 2, 3, 4], [0, 0, 1, 1, 1]] {
            let (_, grouping) = said([5], &[[5]]);
            assert_eq!(share_intervals(&clusters, &grouping), [wilson(1.0, 5.0)]);
        }
        assert_eq!((wilson(0.0, 5.0).0, wilson(1.0, 5.0).1), (0.0, 1.0));
    }
}
