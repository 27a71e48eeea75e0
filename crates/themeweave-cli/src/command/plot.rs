//! `plot`: a picture as a file.

use std::fs;
use std::path::Path;

use themeweave_io::{Picture, Rendered, Renderer, terminal_safe, write_file};

use crate::args::Plot;
use crate::exit::Stop;
use crate::flow::{self, Outcome};
use crate::interrupt::Guard;
use crate::settings::Settings;
use crate::streams::Streams;
use crate::text_file;

/// Most bytes of a font file.
const LARGEST_FONT: u64 = 64 << 20;
/// Pixels for each unit of a picture where nothing else is asked for.
const SCALE: f32 = 2.0;

pub(super) fn run(args: &Plot, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let output = &args.job.output;
    let is_png = match output.output.extension().and_then(|extension| extension.to_str()) {
        Some(extension) if extension.eq_ignore_ascii_case("png") => true,
        Some(extension) if extension.eq_ignore_ascii_case("svg") => false,
        _ => {
            let name = text_file::name(&output.output);
            return Err(Stop::usage(format!("{name}: the name of a picture ends in .svg or .png")));
        }
    };
    if !is_png && output.scale.is_some() {
        return Err(Stop::usage("--scale is for PNG: an SVG is sharp at any size; leave out --scale"));
    }
    let renderer = renderer(output.font.as_deref())?;
    let mut settings = Settings::new(&args.job)?;
    settings.options.quotes = 0;
    let read = flow::read(&settings, streams)?;
    let outcome = flow::analyze(settings, read, streams)?;
    let Some(svg) = args.picture.svg(&outcome.read.corpus, &outcome.analysis) else {
        return nothing_to_draw(args.picture, &outcome, streams);
    };
    let Rendered { bytes, missing } = if is_png {
        // There are too many pixels or none.
        let scale = output.scale.unwrap_or(SCALE);
        let too_large = |error| Stop::usage(format!("--scale {scale}: {error}"));
        renderer.png(&svg, scale).map_err(too_large)?
    } else {
        renderer.svg(&svg)?
    };
    let _guard = Guard::new();
    write_file(&output.output, output.force, &bytes).map_err(Stop::failed)?;
    if !missing.is_empty() && !outcome.settings.is_quiet {
        let missing: String = missing.chars().take(20).collect();
        streams.tell(format_args!(
            "note: the font lacks letters such as “{missing}”; --font FILE adds one that has them"
        ));
    }
    outcome.tell_findings(&["without-theme"], &[], streams);
    Ok(outcome.finish())
}

fn renderer(font: Option<&Path>) -> Result<Renderer, Stop> {
    let Some(path) = font else { return Ok(Renderer::new(None)?) };
    let name = text_file::name(path);
    let metadata = fs::metadata(path).map_err(|error| Stop::usage(format!("{name}: {error}")))?;
    if !metadata.is_file() || metadata.len() > LARGEST_FONT {
        return Err(Stop::usage(format!(
            "{name}: this is no font file of at most {} MB",
            LARGEST_FONT >> 20
        )));
    }
    let bytes = fs::read(path).map_err(|error| Stop::usage(format!("{name}: {error}")))?;
    Renderer::new(Some(bytes)).map_err(|error| Stop::usage(format!("{name}: {error}")))
}

/// Says why there is no picture. No file is written.
fn nothing_to_draw(picture: Picture, outcome: &Outcome, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let why = match picture {
        Picture::Sections if !outcome.analysis.themes.is_empty() => {
            let inputs = match outcome.read.files.as_slice() {
                [file] => file.name.clone(),
                files => format!("these {} files", files.len()),
            };
            let message =
                format!("no picture was drawn: there are no two sections in {inputs}, which headings make");
            return Err(Stop::failed(terminal_safe(&message)));
        }
        Picture::Network => "there is too little text for links between terms",
        _ => "there is too little text for themes",
    };
    outcome.tell_findings(&["too-little-text", "without-theme"], &[], streams);
    streams.tell(format_args!("note: {why}, so no picture was drawn"));
    Ok(crate::exit::TOO_LITTLE)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::tests::{NOTES, run};

    #[test]
    fn pictures_are_written_by_their_extension() {
        let folder = tempfile::tempdir().unwrap();
        for (picture, name, start) in [
            ("network", "map.svg", &b"<svg"[..]),
            ("themes", "themes.PNG", b"\x89PNG"),
            ("diagram", "diagram.png", b"\x89PNG"),
        ] {
            let path = folder.path().join(name);
            let args = ["plot", picture, "-", "--themes=2", "--quiet", "-o", path.to_str().unwrap()];
            assert_eq!(run(&args, NOTES), (0, String::new(), String::new()));
            let first = fs::read(&path).unwrap();
            assert!(first.starts_with(start), "{name}");
            let (code, _, err) = run(&args, NOTES);
            assert!(code == 1 && err.contains("--force"), "{err}");
            assert_eq!(run(&[&args[..], &["--force"]].concat(), NOTES).0, 0);
            assert_eq!(fs::read(&path).unwrap(), first);
        }
    }

    #[test]
    fn pictures_come_with_the_findings_of_tables() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("themes.svg");
        let notes = "Skip to main content\n\n".to_owned() + NOTES;
        let (_, _, of_table) = run(&["themes", "-"], &notes);
        assert!(of_table.contains("note: 1 piece of page furniture left out"), "{of_table}");
        assert_eq!(run(&["plot", "themes", "-", "-o", path.to_str().unwrap()], &notes).2, of_table);
        let (_, _, err) = run(&["plot", "themes", "-", "-o", "x.svg"], "Skip to main content\n\nOne note.");
        assert!(err.contains("page furniture") && err.matches("too little text").count() == 1, "{err}");
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.svg");
        let path = path.to_str().unwrap();
        for (picture, notes, expected, reason) in [
            ("sections", NOTES, 1, "no two sections in stdin"),
            ("themes", "One note.", 3, "too little text"),
            ("network", "", 3, "too little text"),
        ] {
            let (code, _, err) = run(&["plot", picture, "-", "-o", path], notes);
            assert!(code == expected && err.contains(reason), "{picture}: {err}");
        }
        let png = folder.path().join("x.png");
        let png = png.to_str().unwrap();
        for (args, reason) in [
            (["network", png, "--scale=0"], "greater than 0"),
            (["network", png, "--scale=-1"], "greater than 0"),
            (["network", png, "--scale=nan"], "greater than 0"),
            (["network", png, "--scale=1000"], "--scale 1000: a picture of "),
            (["network", "x.pdf", "--scale=1"], ".svg or .png"),
            (["network", "x", "--scale=1"], ".svg or .png"),
            (["network", "x.svg", "--scale=2"], "--scale is for PNG"),
            (["pie", "x.svg", "--scale=1"], "network"),
            (["network", "x.svg", "--font=no/such.ttf"], "no/such.ttf"),
        ] {
            let (code, _, err) = run(&["plot", args[0], "-", "-o", args[1], args[2]], NOTES);
            assert!(code == 2 && err.contains(reason), "{err}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
