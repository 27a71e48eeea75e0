//! How sure a share is, when notes of one person or one document are alike.

use crate::math;

/// 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// 95 % interval of the share of segments for which `has` holds: Wilson's (1927) with the effective
/// number of segments in place of their number.
///
/// The variance of the share is that between clusters, so that ten notes of one speaker count for less than ten notes
/// of ten speakers, made free of bias (CR2; Bell and McCaffrey 2002, "Bias reduction in standard errors for linear
/// regression with multi-stage samples"). Few clusters tell little of it, and one that has most of the segments makes
/// them fewer: the effective number is that times the square of the normal over Student's t quantile (Korn and Graubard
/// 1998, "Confidence intervals for proportions with small expected number of positive counts estimated from survey
/// data") with Bell and McCaffrey's degrees of freedom. It is never taken to be more than the number of segments.
/// Clusters of one size have Cochran's (1977, §11.8) variance and one degree of freedom less than there are clusters.
pub(crate) fn share_interval(clusters: &[u32], has: impl Fn(usize) -> bool) -> (f64, f64) {
    let n = clusters.len() as f64;
    let groups = clusters.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sums = vec![(0.0, 0.0); groups];
    for (segment, &cluster) in clusters.iter().enumerate() {
        let cluster = cluster as usize;
        sums[cluster].0 += f64::from(u8::from(has(segment)));
        sums[cluster].1 += 1.0;
    }
    let share = sums.iter().map(|sum| sum.0).sum::<f64>() / n;
    let independent = share * (1.0 - share) / n;
    let effective = if independent > 0.0 && (2..clusters.len()).contains(&groups) {
        let deviation = |&(having, all): &(f64, f64)| having - share * all;
        let clustered: f64 = sums.iter().map(|sum| deviation(sum) * deviation(sum) / (n * (n - sum.1))).sum();
        let t = student_t(degrees_of_freedom(sums.iter().map(|sum| sum.1 / n)));
        n * (independent / clustered * (Z / t) * (Z / t)).min(1.0)
    } else {
        n
    };
    let z2 = Z * Z / effective;
    let center = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z * (share * (1.0 - share) / effective + z2 / (4.0 * effective)).sqrt() / (1.0 + z2);
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

    #[test]
    fn independent_segments_have_the_interval_of_wilson() {
        // 10 of 40: Wilson's interval is 0.142 to 0.402 (Newcombe 1998, method 3).
        let clusters: Vec<u32> = (0..40).collect();
        close(share_interval(&clusters, |segment| segment < 10), (0.1419, 0.4019));
    }

    #[test]
    fn one_loud_voice_widens_the_interval() {
        // Four speakers with ten segments each; one of them says it ten times, the others never. Then
        // the variance is 4/3 · (7.5² + 3 · 2.5²) / 40² = 0.0625, as of 3 independent segments, and t² = 3.18245² with
        // three degrees of freedom takes the place of 1.95996².
        let clusters: Vec<u32> = (0..40).map(|segment| segment / 10).collect();
        let z2 = 3.18245_f64 * 3.18245 / 3.0;
        let center = (0.25 + z2 / 2.0) / (1.0 + z2);
        let half = 3.18245 * (0.0625_f64 + z2 / 12.0).sqrt() / (1.0 + z2);
        close(share_interval(&clusters, |segment| segment < 10), (center - half, center + half));
        // By matrices (`benches/intervals.py`).
        close(share_interval(&clusters, |segment| segment < 10), (0.016429676, 0.869310417));
    }

    #[test]
    fn voices_of_different_sizes_are_as_by_matrices() {
        // Numbers of segments, and of those of the theme; see `benches/intervals.py`.
        let (sizes, having) = ([20, 5, 3, 2, 1], [6, 3, 0, 1, 0]);
        let degrees = degrees_of_freedom(sizes.iter().map(|&size| f64::from(size) / 31.0));
        assert!((degrees - 1.760624458).abs() < 1e-9, "{degrees}");
        let voices: Vec<(u32, bool)> = (0..)
            .zip(sizes.iter().zip(having))
            .flat_map(|(voice, (&size, having))| (0..size).map(move |at| (voice, at < having)))
            .collect();
        let clusters: Vec<u32> = voices.iter().map(|&(voice, _)| voice).collect();
        close(share_interval(&clusters, |segment| voices[segment].1), (0.108101482, 0.651674368));
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
        let clusters: Vec<u32> = (0..40).map(|segment| segment / 10).collect();
        close(
            share_interval(&clusters, |segment| segment % 10 % 4 == 0 && segment % 10 < 8),
            (0.1050, 0.3476),
        );
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
        let clusters: Vec<u32> = (0..5).collect();
        assert_eq!(share_interval(&clusters, |_| false).0, 0.0);
        assert_eq!(share_interval(&clusters, |_| true).1, 1.0);
    }
}
