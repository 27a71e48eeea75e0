//! From arguments to the options of the library.

mod word_files;

use themeweave::{Options, SpeakerFilter, TermOptions};
use themeweave_io::{Input, Pseudonyms, ReadOptions};

use crate::args::{AnalysisArgs, Job, ReadingArgs, TermArgs};
use crate::exit::Stop;

/// What is to be read, and how a run goes.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) inputs: Vec<Input>,
    pub(crate) read_options: ReadOptions,
    pub(crate) options: Options,
    pub(crate) keep_going: bool,
    /// Number of threads; 0 leaves it to the system.
    pub(crate) threads: usize,
    pub(crate) is_quiet: bool,
}

impl Settings {
    /// The settings that were asked for. Reads the word files.
    pub(crate) fn new<O: clap::Args>(job: &Job<O>) -> Result<Self, Stop> {
        let mut read_options = read_options(&job.reading).map_err(Stop::usage)?;
        read_options.text_in_memory = u64::from(job.analysis.terms.max_memory) << 17;
        Ok(Self {
            inputs: job.inputs.iter().map(Input::from).collect(),
            options: options(&job.analysis, &read_options)?,
            read_options,
            keep_going: job.reading.keep_going,
            threads: job.program.threads.map_or(0, usize::from),
            is_quiet: job.program.quiet,
        })
    }
}

fn read_options(args: &ReadingArgs) -> Result<ReadOptions, String> {
    let pseudonyms = match &args.pseudonyms {
        Some(path) => Pseudonyms::new(word_files::pseudonyms(path, args.encoding)?),
        None => Pseudonyms::default(),
    };
    Ok(ReadOptions {
        text_column: args.text_column.clone(),
        id_column: args.id_column.clone(),
        speaker_column: args.speaker_column.clone(),
        group_columns: args.group_column.clone(),
        date_column: args.date_column.clone(),
        delimiter: args.delimiter,
        sheet: args.sheet.clone(),
        encoding: args.encoding,
        text_format: args.text_format,
        private_messages: args.private_messages,
        pseudonyms,
        ..ReadOptions::default()
    })
}

/// The options of the analysis. The text has pseudonyms in it, so they are put into words and names, too.
fn options(args: &AnalysisArgs, reading: &ReadOptions) -> Result<Options, Stop> {
    let names = |names: &[String]| names.iter().map(|name| pseudonym(reading, name)).collect();
    let options = Options {
        unit: args.unit,
        speakers: SpeakerFilter { only: names(&args.only_speaker), exclude: names(&args.exclude_speaker) },
        language: args.terms.language,
        terms: term_options(&args.terms, reading).map_err(Stop::usage)?,
        association: args.association,
        themes: args.themes.themes,
        resolution: args.themes.resolution,
        levels: args.themes.levels.unwrap_or(Options::default().levels),
        resamples: args.themes.resamples,
        quotes: args.themes.quotes,
        seed: args.themes.seed,
    };
    options.check()?;
    Ok(options)
}

fn pseudonym(reading: &ReadOptions, text: &str) -> String {
    reading.pseudonyms.apply_to_name(text).into_owned()
}

fn term_options(args: &TermArgs, reading: &ReadOptions) -> Result<TermOptions, String> {
    let words = |path| -> Result<Vec<String>, String> {
        let words = word_files::words(path, reading.encoding)?;
        Ok(words.iter().map(|word| pseudonym(reading, word)).collect())
    };
    Ok(TermOptions {
        stop_words: args.stop_words.as_deref().map_or_else(|| Ok(Vec::new()), words)?,
        keep: args.keep.as_deref().map_or_else(|| Ok(Vec::new()), words)?,
        synonyms: match &args.synonyms {
            Some(path) => word_files::synonyms(path, reading.encoding)?
                .into_iter()
                .map(|(label, by)| (pseudonym(reading, &label), pseudonym(reading, &by)))
                .collect(),
            None => Vec::new(),
        },
        numbers: args.numbers,
        no_stemming: args.no_stemming,
        no_phrases: args.no_phrases,
        min_segments: args.min_segments,
        max_terms: args.max_terms,
        max_spellings: args.max_memory * 2048,
    })
}
