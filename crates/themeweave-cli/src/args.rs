//! What may be typed: commands and options with their help texts.
//!
//! Options mean the same in every command. Their defaults are those of the library, so that the help
//! tells what holds.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use themeweave::{AssociationMeasure, Language, Options, Unit};
use themeweave_io::{GraphFormat, Picture, RefiCodings, TableFormat, TextEncoding, TextFormat};

use crate::config;
use crate::exit::Stop;

/// Find the recurring themes of workshop notes and transcripts, each with its words, its share of the
/// notes and the quotes that carry it.
#[derive(Debug, Parser)]
#[command(
    name = "themeweave",
    version,
    args_override_self = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but too little text for themes, 130 stopped."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find the themes and show them; with --out, write all files too
    #[command(visible_alias = "analyse")]
    Analyze(Job<FolderArgs>),
    /// Print the themes as a table
    Themes(Job<TableArgs>),
    /// Print the terms of each theme as a table
    Terms(Job<TableArgs>),
    /// Print the links between terms as a table
    Edges(Job<TableArgs>),
    /// Print the themes within each theme as a table
    Subthemes(Job<TableArgs>),
    /// Print which themes are tied to each other as a table
    ThemeLinks(Job<TableArgs>),
    /// Print the quotes of each theme as a table
    Quotes(Job<TableArgs>),
    /// Print the passages that have a theme's words and do not bear it out as a table
    CounterEvidence(Job<TableArgs>),
    /// Print all segments with their themes as a table
    Segments(Job<TableArgs>),
    /// Print the themes of each document as a table
    Documents(Job<TableArgs>),
    /// Print the themes as codes with descriptions, which Taguette can import
    Codebook(Job<TableArgs>),
    /// Print the network of terms for other programs
    Graph(Job<GraphArgs>),
    /// Draw the network or the themes as a picture to publish (.svg or .png)
    Plot(Plot),
    /// Tell what became of a word or expression, and why
    Explain(Explain),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Plot {
    /// What to draw: the network of terms, the themes with their shares, the strategic diagram, or the
    /// themes by section
    #[arg(value_parser = PossibleValuesParser::new(Picture::ALL.map(Picture::name))
        .try_map(|name| name.parse::<Picture>()))]
    pub(crate) picture: Picture,
    #[command(flatten)]
    pub(crate) job: Job<PlotArgs>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct PlotArgs {
    /// File for the picture; its extension, .svg or .png, says of which kind
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Replace the file when there is one
    #[arg(long)]
    pub(crate) force: bool,
    /// Pixels of a PNG for each unit of the picture, of which it has about 900 to 1,000 in width
    /// [default: 2]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = scale)]
    pub(crate) scale: Option<f32>,
    /// TrueType or OpenType font for characters that the embedded one lacks, such as Chinese or Tamil
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A word in any form, or an expression of several words
    pub(crate) term: String,
    #[command(flatten)]
    pub(crate) job: Job<ExplainArgs>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ExplainArgs {
    /// Text for people, or JSON with all figures for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ExplainFormat {
    #[default]
    Text,
    Json,
}

/// What every command takes that reads and analyzes, and its own options.
#[derive(Debug, Args)]
pub(crate) struct Job<O: Args> {
    /// Files, folders, or - for standard input
    ///
    /// Markdown, plain text and transcripts (.md, .markdown, .txt, .text), captions (.vtt, .srt),
    /// documents (.docx, .odt, .rtf, .html, .htm, .xhtml, .epub, .pdf), projects of qualitative analysis
    /// (.qdpx), tables with one note a row (.csv, .tsv, .jsonl, .ndjson, and .parquet where built with that
    /// feature) and spreadsheets (.xlsx, .xlsm, .xls, .ods). Folders are walked in the order of names; a named
    /// file of any other extension is read as text.
    #[arg(value_name = "INPUT", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) analysis: AnalysisArgs,
    #[command(flatten)]
    pub(crate) output: O,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArgs {
    /// Column of tables that holds the text [default: told by its name or content]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_column: Option<String>,
    /// Column of tables that names the rows [default: id, else the number of the row]
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    /// Column of tables that says who speaks [default: told by its name and content]
    #[arg(long, value_name = "NAME")]
    pub(crate) speaker_column: Option<String>,
    /// Column of tables by whose values the report counts themes, such as a district; may be given several
    /// times [default: those of few values that repeat]
    #[arg(long, value_name = "NAME")]
    pub(crate) group_column: Vec<String>,
    /// Column of tables by which the report counts themes over time [default: those whose values are dates]
    #[arg(long, value_name = "NAME")]
    pub(crate) date_column: Option<String>,
    /// What parts the columns of tables: one character, or tab [default: told by the table]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// Sheet of spreadsheets, by its name or number [default: the first with anything in it]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Encoding of all inputs, such as windows-1252 [default: UTF-8, else told by the bytes]
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<TextEncoding>,
    /// How text files are laid out [default: told by the text]
    #[arg(long, value_name = "FORMAT",
          value_parser = PossibleValuesParser::new(TextFormat::ALL.map(TextFormat::name))
              .try_map(|name| name.parse::<TextFormat>()))]
    pub(crate) text_format: Option<TextFormat>,
    /// Read the private messages of chats, too
    #[arg(long)]
    pub(crate) private_messages: bool,
    /// Table with the columns `name` and `replacement`, put in place of names before anything is counted
    ///
    /// Names are whole words. Will with a capital is found as Will and WILL, but not as will among other
    /// words; names of several words, and those written in lower case here, are found in any letter case.
    /// Names are also replaced in the names of speakers, documents and files, in attributes and in messages.
    #[arg(long, value_name = "FILE")]
    pub(crate) pseudonyms: Option<PathBuf>,
    /// Exit with 0 even when some inputs cannot be read
    #[arg(long)]
    pub(crate) keep_going: bool,
}

/// The options of the analysis, step by step.
#[derive(Debug, Args)]
pub(crate) struct AnalysisArgs {
    /// What counts as one segment: auto, note, sentence, paragraph, document or words:N
    ///
    /// Terms that stand in one segment occur together. A note is a bullet, a turn, a paragraph or the
    /// row of a table; auto takes notes, but sentences where there are few notes and they are long.
    #[arg(long, value_name = "UNIT", default_value_t = Options::default().unit, help_heading = "Segments")]
    pub(crate) unit: Unit,
    /// Count only what this speaker says; may be given several times
    #[arg(long, value_name = "NAME", help_heading = "Segments")]
    pub(crate) only_speaker: Vec<String>,
    /// Leave out what this speaker says, such as a facilitator; may be given several times
    #[arg(long, value_name = "NAME", help_heading = "Segments")]
    pub(crate) exclude_speaker: Vec<String>,

    #[command(flatten)]
    pub(crate) terms: TermArgs,

    /// Measure of the strength of links between terms
    #[arg(long, value_name = "MEASURE", default_value = Options::default().association.name(), help_heading = "Network",
          value_parser = PossibleValuesParser::new(AssociationMeasure::ALL.map(AssociationMeasure::name))
              .try_map(|name| name.parse::<AssociationMeasure>()))]
    pub(crate) association: AssociationMeasure,

    #[command(flatten)]
    pub(crate) themes: ThemeArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Terms")]
pub(crate) struct TermArgs {
    /// Language of the text by its code or English name, such as en or German [default: detected]
    ///
    /// It decides which stop words are left out and which word forms are joined.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,
    /// File of words to leave out besides the stop words of the language; # begins a comment
    #[arg(long, value_name = "FILE")]
    pub(crate) stop_words: Option<PathBuf>,
    /// File of words never to leave out; # begins a comment
    #[arg(long, value_name = "FILE")]
    pub(crate) keep: Option<PathBuf>,
    /// Table with the columns `label` and `replace by`; an empty second cell drops the term
    ///
    /// The thesaurus files of VOSviewer are such tables.
    #[arg(long, value_name = "FILE")]
    pub(crate) synonyms: Option<PathBuf>,
    /// Take numbers for terms
    #[arg(long)]
    pub(crate) numbers: bool,
    /// Make every word form a term of its own
    #[arg(long)]
    pub(crate) no_stemming: bool,
    /// Do not look for phrases of several words
    #[arg(long)]
    pub(crate) no_phrases: bool,
    /// Fewest segments that a term must occur in; 0 chooses by the number of segments
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          default_value_t = Options::default().terms.min_segments)]
    pub(crate) min_segments: u32,
    /// Most terms, those in most segments; 0 stands for 50,000
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          default_value_t = Options::default().terms.max_terms)]
    pub(crate) max_terms: u32,

    /// Memory to aim at, in MiB: where texts take more than an eighth of it, those of tables and text files are
    /// read again when needed instead of being held; beyond 2,048 distinct spellings a MiB, the rarest are set aside
    #[arg(long, value_name = "MIB", allow_negative_numbers = true,
          default_value_t = 1024, value_parser = clap::value_parser!(u32).range(16..=1 << 20))]
    pub(crate) max_memory: u32,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Themes")]
pub(crate) struct ThemeArgs {
    /// Number of themes [default: as many as the text can carry]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) themes: Option<u32>,
    /// How fine themes are, or communities in graph: 1 as the text suggests, 2 about twice as many, 0.5 about half as
    /// many
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true,
          default_value_t = Options::default().resolution)]
    pub(crate) resolution: f64,
    /// Levels of themes: 1, or 2 for themes with subthemes [default: 1; 2 in subthemes]
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=2))]
    pub(crate) levels: Option<u32>,
    /// How often themes are sought again with a tenth of the text left out, to tell how stable they are;
    /// 0 for not at all [default: 20 for few segments to 3 for many]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) resamples: Option<u32>,
    /// Quotes for each theme
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = Options::default().quotes)]
    pub(crate) quotes: u32,
    /// Start of the random choices: which segments are left out, and where the network is drawn
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          default_value_t = Options::default().seed, value_parser = seed)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct FolderArgs {
    /// Folder for the results, which is written whole or not at all
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the folder when it is an earlier output
    #[arg(long)]
    pub(crate) force: bool,
    /// Formats of the tables, separated by commas; CSV is always written
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = TableFormat::default().name(),
          value_parser = table_format())]
    pub(crate) table_formats: Vec<TableFormat>,
    /// Formats of the network, separated by commas; GraphML is always written
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = GraphFormat::GRAPHML.name(),
          value_parser = graph_format())]
    pub(crate) graph_formats: Vec<GraphFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvArgs,
    /// Write codebook.qdc and project.qdpx too, for NVivo, ATLAS.ti, MAXQDA, QualCoder and the like
    ///
    /// The project has the texts, with the quotes of each theme coded, or with all its segments:
    /// --refi=segments.
    #[arg(long, value_name = "CODED", num_args = 0..=1, require_equals = true,
          default_missing_value = RefiCodings::default().name(),
          value_parser = PossibleValuesParser::new(RefiCodings::ALL.map(RefiCodings::name))
              .try_map(|name| name.parse::<RefiCodings>()))]
    pub(crate) refi: Option<RefiCodings>,
    /// Put U+FFFD for emoji and the like in the texts of project.qdpx, for NVivo counts them twice
    #[arg(long)]
    pub(crate) replace_astral: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct TableArgs {
    /// Format of the table
    #[arg(long, default_value = TableFormat::default().name(), value_parser = table_format())]
    pub(crate) format: TableFormat,
    #[command(flatten)]
    pub(crate) csv: CsvArgs,
}

/// How CSV and TSV are written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct CsvArgs {
    /// Leave text cells as they are that a spreadsheet program may run as formulas
    ///
    /// Otherwise cells of CSV and TSV that begin with = + - or @ get an apostrophe in front.
    #[arg(long)]
    pub(crate) csv_raw: bool,
    /// Begin CSV and TSV with a byte order mark, by which Excel knows that they are UTF-8
    #[arg(long)]
    pub(crate) csv_bom: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct GraphArgs {
    /// Format of the network; of several files the main one is printed, analyze --out writes all
    #[arg(long, default_value = GraphFormat::GRAPHML.name(), value_parser = graph_format())]
    pub(crate) format: GraphFormat,
    /// What terms are grouped by [default: community; theme where --themes is given]
    #[arg(long, value_name = "WHAT")]
    pub(crate) group_by: Option<GroupBy>,
}

/// What the terms of the network are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupBy {
    /// Community of the network
    Community,
    /// Theme, as in the files of analyze, which takes longer
    Theme,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ProgramArgs {
    /// Number of threads; the results do not depend on it [default: one for each core]
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// When to use colours; auto: on terminals, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// Tell nothing but errors on standard error
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// File of options [default: themeweave.toml in the current folder, where there is one]
    ///
    /// It holds the options of `analyze` under their long names: `unit = "sentence"`. What is typed
    /// wins over it.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

fn graph_format() -> impl TypedValueParser<Value = GraphFormat> {
    let values = GraphFormat::ALL.map(|format| PossibleValue::new(format.name()).help(format.readers()));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<GraphFormat>())
}

fn table_format() -> impl TypedValueParser<Value = TableFormat> {
    PossibleValuesParser::new(TableFormat::ALL.iter().map(|format| format.name()))
        .try_map(|name| name.parse::<TableFormat>())
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u64::MAX))
}

fn scale(text: &str) -> Result<f32, String> {
    let is_scale = |scale: &f32| scale.is_finite() && *scale > 0.0;
    text.parse().ok().filter(is_scale).ok_or_else(|| "a scale is a number greater than 0".into())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match *text.as_bytes() {
        _ if matches!(text, "tab" | "\\t") => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err("a delimiter is one ASCII character, or tab".into()),
    }
}

impl Arguments {
    /// Reads what was typed, with the options of the configuration file before it.
    pub(crate) fn parse(args: Vec<OsString>, has_colors: bool) -> Result<Self, Stop> {
        let parse = |args: &[OsString]| {
            let color = if has_colors { ColorChoice::Always } else { ColorChoice::Never };
            let mut command = Self::command().color(color);
            let mut matches = command.try_get_matches_from_mut(args).map_err(clap_error)?;
            let typed = typed_options(&command, &matches);
            let arguments = <Self as clap::FromArgMatches>::from_arg_matches_mut(&mut matches);
            arguments.map(|arguments| (arguments, typed)).map_err(clap_error)
        };
        // The options of the file are for all runs; those that are typed are for this one.
        let (first, typed) = parse(&args)?;
        let whole = |arguments: Self| arguments.command.check_effect(&typed).map(|()| arguments);
        let Some(program) = first.command.program() else { return Ok(first) };
        let mut args = args;
        let name = args.get(1).and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let configured = config::arguments(program.config.as_deref(), &name).map_err(Stop::usage)?;
        if configured.is_empty() {
            return whole(first);
        }
        args.splice(2..2, configured);
        whole(parse(&args)?.0)
    }
}

/// The long names of the options that were typed.
fn typed_options(command: &clap::Command, matches: &ArgMatches) -> Vec<String> {
    let Some((name, matches)) = matches.subcommand() else { return Vec::new() };
    let of_command = command.find_subcommand(name).into_iter().flat_map(clap::Command::get_arguments);
    let is_typed = |option: &&clap::Arg| {
        matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    of_command.filter(is_typed).filter_map(clap::Arg::get_long).map(str::to_owned).collect()
}

/// Those of the options that were typed that are among some, as they are typed, with the verb that goes with them.
fn typed_of<O: Args>(typed: &[String]) -> Option<String> {
    let some = O::augment_args(clap::Command::new("options"));
    let names = some.get_arguments().filter_map(clap::Arg::get_long);
    let names: Vec<String> = names
        .filter(|name| typed.iter().any(|typed| typed == name))
        .map(|name| format!("--{name}"))
        .collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| format!("{} {verb}", names.join(", ")))
}

fn clap_error(error: clap::Error) -> Stop {
    Stop::Clap(Box::new(error))
}

impl Command {
    /// Refuses what would have no effect of the options that were typed.
    fn check_effect(&self, typed: &[String]) -> Result<(), Stop> {
        if let Self::Analyze(Job { output, .. }) = self {
            if let Some(some) = typed_of::<FolderArgs>(typed).filter(|_| output.out.is_none()) {
                let message = format!("{some} for the files of a folder; name one with --out DIR");
                return Err(Stop::usage(message));
            }
            if output.refi.is_none() && typed.iter().any(|option| option == "replace-astral") {
                return Err(Stop::usage(
                    "--replace-astral is for the project that --refi writes; add --refi",
                ));
            }
        }
        let format = self.table().map(|job| job.output.format);
        let is_other = |format: &TableFormat| !matches!(format, TableFormat::Csv | TableFormat::Tsv);
        if let (Some(format), Some(some)) = (format.filter(is_other), typed_of::<CsvArgs>(typed)) {
            let message =
                format!("{some} for CSV and TSV, and without effect with --format {}", format.name());
            return Err(Stop::usage(message));
        }
        Ok(())
    }

    /// What is asked of a command that prints a table.
    fn table(&self) -> Option<&Job<TableArgs>> {
        match self {
            Self::Themes(job)
            | Self::Terms(job)
            | Self::Edges(job)
            | Self::Subthemes(job)
            | Self::ThemeLinks(job)
            | Self::Quotes(job)
            | Self::CounterEvidence(job)
            | Self::Segments(job)
            | Self::Documents(job)
            | Self::Codebook(job) => Some(job),
            _ => None,
        }
    }

    /// The common options of commands that read and analyze.
    fn program(&self) -> Option<&ProgramArgs> {
        match self {
            Self::Analyze(job) => Some(&job.program),
            Self::Graph(job) => Some(&job.program),
            Self::Plot(args) => Some(&args.job.program),
            Self::Explain(args) => Some(&args.job.program),
            _ => self.table().map(|job| &job.program),
        }
    }
}

/// Whether an argument is given without a value.
pub(crate) fn is_flag(argument: &clap::Arg) -> bool {
    matches!(argument.get_action(), ArgAction::SetTrue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_sound() {
        Arguments::command().debug_assert();
    }

    fn job(args: &[&str]) -> Job<FolderArgs> {
        let args = ["themeweave", "analyse"].iter().chain(args);
        match Arguments::try_parse_from(args).unwrap().command {
            Command::Analyze(job) => job,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_last_of_two_wins_and_defaults_are_those_of_the_library() {
        let job = job(&["a", "--seed", "3", "--seed=4", "--quiet", "-q", "--graph-formats", "dot,graphml"]);
        assert_eq!(job.analysis.themes.seed, 4);
        assert_eq!(job.analysis.themes.resolution, Options::default().resolution);
        assert_eq!(job.output.graph_formats, ["dot".parse().unwrap(), GraphFormat::GRAPHML]);
    }

    #[test]
    fn negative_numbers_are_values() {
        let number = ["levels", "max-memory", "max-terms", "min-segments", "quotes", "resamples", "seed"];
        for option in number.into_iter().chain(["themes", "threads"]) {
            let error =
                Arguments::try_parse_from(["themeweave", "themes", "a", &format!("--{option}"), "-1"]);
            let error = error.unwrap_err().to_string();
            assert!(error.contains("invalid value '-1'"), "{error}");
        }
        assert_eq!(job(&["a", "--resolution", "-0.5"]).analysis.themes.resolution, -0.5);
    }

    #[test]
    fn delimiters() {
        assert_eq!([delimiter("tab"), delimiter("\\t"), delimiter(";")], [Ok(b'\t'), Ok(b'\t'), Ok(b';')]);
        for text in ["", ";;", "\"", "\n", "é"] {
            assert!(delimiter(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_default_is_shown() {
        let mut command = Arguments::command();
        let help = command.find_subcommand_mut("analyze").unwrap().render_help().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let Options { unit, association, resolution, levels, quotes, seed, terms, .. } = Options::default();
        let defaults = [
            unit.to_string(),
            association.name().to_owned(),
            resolution.to_string(),
            format!("{levels}; 2 in subthemes"),
            quotes.to_string(),
            seed.to_string(),
            terms.min_segments.to_string(),
            terms.max_terms.to_string(),
            "graphml".to_owned(),
            "csv".to_owned(),
            "auto".to_owned(),
        ];
        for default in defaults {
            assert!(help.contains(&format!("[default: {default}]")), "{default} is not in\n{help}");
        }
    }
}
