//! Colours of themes that people with any colour vision can tell apart.

/// The palette of Okabe and Ito (2008) without black, which is the colour of text.
const OKABE_ITO: [[u8; 3]; 7] = [
    [0xE6, 0x9F, 0x00],
    [0x56, 0xB4, 0xE9],
    [0x00, 0x9E, 0x73],
    [0xF0, 0xE4, 0x42],
    [0x00, 0x72, 0xB2],
    [0xD5, 0x5E, 0x00],
    [0xCC, 0x79, 0xA7],
];

/// The colour of terms without a theme.
const GREY: [u8; 3] = [0x99, 0x99, 0x99];

/// Red, green and blue of a theme: the palette, then the same lighter, then darker, and so on.
pub(in crate::write) fn color(theme: Option<usize>) -> [u8; 3] {
    let Some(theme) = theme else { return GREY };
    let color = OKABE_ITO[theme % OKABE_ITO.len()];
    match theme / OKABE_ITO.len() % 3 {
        0 => color,
        1 => color.map(|part| part / 2 + 127),
        _ => color.map(|part| part / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_colours_differ() {
        let mut colors: Vec<_> = (0..21).map(Some).chain([None]).map(color).collect();
        colors.sort_unstable();
        colors.dedup();
        assert_eq!(colors.len(), 22);
        assert_eq!(color(Some(0)), [230, 159, 0]);
        assert_eq!(color(Some(7)), [242, 206, 127]);
        assert_eq!(color(Some(14)), [115, 79, 0]);
        assert_eq!(color(Some(usize::MAX)), color(Some(usize::MAX % 21)));
    }
}
