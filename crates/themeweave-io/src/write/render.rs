//! Pictures as files that look the same everywhere: texts become outlines of a font that is part of the
//! program.
//!
//! The font is DejaVu Sans Condensed 2.37, whose license (Bitstream Vera and public domain) lets anybody
//! embed it. It has Latin, Greek, Cyrillic, Arabic, Hebrew and more; for what it lacks, such as Chinese or
//! Tamil, a font file can be given.

use std::sync::{Arc, Mutex, PoisonError};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{FontResolver, Indent, Options, Tree, WriteOptions};
use themeweave::Error;

use crate::write::draw::FAMILY;

/// Most pixels of a picture on either side.
const MOST_PIXELS: f32 = 20_000.0;

/// Turns SVG pictures into files.
pub struct Renderer {
    fonts: Arc<Database>,
}

/// A picture ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// Characters that no font at hand can draw, of each text the first, in order and each once; boxes
    /// stand for them.
    pub missing: String,
}

impl Renderer {
    /// A renderer with the embedded font and, for the characters that it lacks, a TrueType or OpenType
    /// font.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](themeweave::ErrorKind::Input) when `font` is no font.
    pub fn new(font: Option<Vec<u8>>) -> Result<Self, Error> {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans_condensed::regular().to_vec());
        fonts.load_font_data(dejavu::sans_condensed::bold().to_vec());
        let own = fonts.len();
        if let Some(font) = font {
            fonts.load_font_data(font);
            if fonts.len() == own {
                return Err(Error::input("this is no TrueType or OpenType font"));
            }
        }
        Ok(Self { fonts: Arc::new(fonts) })
    }

    /// The picture as SVG with texts as outlines, which any program shows alike. The same bytes every
    /// time.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](themeweave::ErrorKind::Input) when `svg` is no SVG.
    ///
    /// ```
    /// use themeweave_io::Renderer;
    /// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20" font-family="DejaVu Sans">
    ///     <text y="15">ü</text></svg>"#;
    /// let outlined = Renderer::new(None)?.svg(svg)?;
    /// assert!(!String::from_utf8_lossy(&outlined.bytes).contains("<text") && outlined.missing.is_empty());
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn svg(&self, svg: &str) -> Result<Rendered, Error> {
        let (tree, missing) = self.parse(svg)?;
        let options =
            WriteOptions { indent: Indent::Spaces(0), coordinates_precision: 5, ..WriteOptions::default() };
        let mut text = tree.to_string(&options);
        // The name of the picture does not survive the outlines.
        if let (Some(name), Some(at)) = (name(svg), text.find('>')) {
            text.insert_str(at + 1, &format!("\n<title>{name}</title>"));
        }
        Ok(Rendered { bytes: text.into_bytes(), missing })
    }

    /// The picture as PNG with `scale` pixels for each unit.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](themeweave::ErrorKind::Input) when `svg` is no SVG,
    /// [`ErrorKind::Limit`](themeweave::ErrorKind::Limit) when a side would have no or more than 20,000
    /// pixels.
    pub fn png(&self, svg: &str, scale: f32) -> Result<Rendered, Error> {
        let (tree, missing) = self.parse(svg)?;
        let [width, height] = [tree.size().width(), tree.size().height()].map(|side| (side * scale).ceil());
        let is_possible = |side: f32| (1.0..=MOST_PIXELS).contains(&side);
        let pixmap = if is_possible(width) && is_possible(height) {
            Pixmap::new(width as u32, height as u32)
        } else {
            None
        };
        let Some(mut pixmap) = pixmap else {
            return Err(Error::limit(format!(
                "a picture of {width} × {height} pixels; each side has 1 to {MOST_PIXELS}"
            )));
        };
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        let bytes = pixmap.encode_png().map_err(|error| Error::limit(format!("the picture: {error}")))?;
        Ok(Rendered { bytes, missing })
    }

    fn parse(&self, svg: &str) -> Result<(Tree, String), Error> {
        let missing = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&missing);
        let fallback = FontResolver::default_fallback_selector();
        let mut options = Options { fontdb: Arc::clone(&self.fonts), ..Options::default() };
        options.font_family = FAMILY.to_owned();
        options.font_resolver = FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(move |c, used, fonts| {
                let found = fallback(c, used, fonts);
                if found.is_none() {
                    noted.lock().unwrap_or_else(PoisonError::into_inner).push(c);
                }
                found
            }),
        };
        let tree = Tree::from_str(svg, &options).map_err(|error| Error::input(format!("no SVG: {error}")))?;
        let mut missing = std::mem::take(&mut *missing.lock().unwrap_or_else(PoisonError::into_inner));
        missing.sort_unstable();
        missing.dedup();
        Ok((tree, missing.into_iter().collect()))
    }
}

/// What a picture of ours is called, as it is written in it.
fn name(svg: &str) -> Option<&str> {
    svg.split_once("aria-label=\"")?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::Picture;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn pictures_are_the_same_bytes_every_time() {
        let (read, analysis) = analysis_of(NOTES);
        for picture in [Picture::Network, Picture::Themes, Picture::Diagram] {
            let svg = picture.svg(&read.corpus, &analysis).unwrap();
            let [a, b] = [(); 2].map(|()| {
                let renderer = Renderer::new(None).unwrap();
                (renderer.svg(&svg).unwrap(), renderer.png(&svg, 1.5).unwrap())
            });
            assert_eq!(a, b);
            let text = String::from_utf8(a.0.bytes).unwrap();
            assert!(text.contains("<path") && text.contains("<title>") && !text.contains("<text"));
            assert!(a.1.bytes.starts_with(b"\x89PNG"));
            assert_eq!(a.0.missing, "");
        }
    }

    #[test]
    fn what_the_font_lacks_is_told() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="9">aж漢字漢</text></svg>"#;
        assert_eq!(Renderer::new(None).unwrap().svg(svg).unwrap().missing, "漢");
    }

    #[test]
    fn what_is_no_font_or_picture_is_refused() {
        assert!(Renderer::new(Some(b"no font".to_vec())).is_err());
        let renderer = Renderer::new(None).unwrap();
        assert!(renderer.svg("<p>").is_err());
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"/>"#;
        for scale in [0.0, -1.0, f32::NAN, 1e9] {
            assert!(renderer.png(svg, scale).is_err(), "{scale}");
        }
    }
}
