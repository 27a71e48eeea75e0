//! How sure a share is, when notes of one person or one document are alike.

/// 95 % interval of the share of segments for which `has` holds: Wilson's (1927) with the effective
/// number of segments in place of their number. The variance of the share is that between clusters
/// (linearized ratio, Cochran 1977, §11.8), so that ten notes of one speaker count for less than ten
/// notes of ten speakers; it is never taken to be less than that of independent segments.
pub(crate) fn share_interval(clusters: &[u32], has: impl Fn(usize) -> bool) -> (f64, f64) {
    /// 97.5 % point of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
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
    let between: f64 = sums.iter().map(|(having, all)| (having - share * all) * (having - share * all)).sum();
    let g = groups as f64;
    let clustered =
        if (2..clusters.len()).contains(&groups) { g / (g - 1.0) * between / (n * n) } else { independent };
    let effective = if independent > 0.0 { n * (independent / clustered).min(1.0) } else { n };
    let z2 = Z * Z / effective;
    let center = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z * (share * (1.0 - share) / effective + z2 / (4.0 * effective)).sqrt() / (1.0 + z2);
    ((center - half).max(0.0), (center + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: (f64, f64), wanted: (f64, f64)) {
        assert!(
            (found.0 - wanted.0).abs() < 5e-4 && (found.1 - wanted.1).abs() < 5e-4,
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
        // the variance is 4/3 · (7.5² + 3 · 2.5²) / 40² = 0.0625, as of 3 independent segments.
        let clusters: Vec<u32> = (0..40).map(|segment| segment / 10).collect();
        let z2 = 3.8415_f64 / 3.0;
        let center = (0.25 + z2 / 2.0) / (1.0 + z2);
        let half = 1.95996 * (0.0625_f64 + z2 / 12.0).sqrt() / (1.0 + z2);
        close(share_interval(&clusters, |segment| segment < 10), (center - half, center + half));
    }

    #[test]
    fn a_share_of_none_or_all_stays_within_0_and_1() {
        let clusters: Vec<u32> = (0..5).collect();
        assert_eq!(share_interval(&clusters, |_| false).0, 0.0);
        assert_eq!(share_interval(&clusters, |_| true).1, 1.0);
    }
}
