//! What every command does: read the inputs and analyze them.

use rayon::{ThreadPool, ThreadPoolBuilder};
use themeweave::{Analysis, Diagnostic};
use themeweave_io::{ReadCorpus, ReadOptions, Run};

use crate::exit::{DONE, FAILED, Stop, TOO_LITTLE};
use crate::interrupt;
use crate::progress::ProgressLine;
use crate::settings::Settings;
use crate::streams::Streams;

/// Reads the inputs. Those that cannot be read are named on standard error; the rest is returned.
pub(crate) fn read(settings: &Settings, streams: &mut Streams<'_>) -> Result<ReadCorpus, Stop> {
    let mut progress = ProgressLine::new(settings, streams.terminal, streams.stderr);
    progress.show("Reading …".to_owned());
    let options = ReadOptions { extractor: streams.extractor.clone(), ..settings.read_options.clone() };
    let read = themeweave_io::read(&settings.inputs, &options, streams.stdin);
    drop(progress);
    let read = read.map_err(Stop::failed)?;
    for failure in &read.failures {
        streams.tell(format_args!("error: {failure}"));
    }
    if read.files.is_empty() && !read.failures.is_empty() {
        return Err(Stop::failed("none of the inputs could be read"));
    }
    Ok(read)
}

/// Analyzes what was read, on the threads that the settings ask for.
pub(crate) fn analyze(
    settings: Settings,
    read: ReadCorpus,
    streams: &mut Streams<'_>,
) -> Result<Outcome, Stop> {
    let threads = ThreadPoolBuilder::new().num_threads(settings.threads).build();
    let threads = threads.map_err(|error| Stop::failed(format!("the threads cannot be started: {error}")))?;
    let mut progress = ProgressLine::new(&settings, streams.terminal, streams.stderr);
    let analysis = threads.install(|| themeweave::analyze(&read.corpus, &settings.options, &mut progress))?;
    drop(progress);
    if interrupt::is_requested() {
        return Err(Stop::Interrupted);
    }
    Ok(Outcome { settings, read, analysis, threads })
}

/// What was read and found, and how.
pub(crate) struct Outcome {
    pub(crate) settings: Settings,
    pub(crate) read: ReadCorpus,
    pub(crate) analysis: Analysis,
    /// Those that the settings ask for.
    pub(crate) threads: ThreadPool,
}

impl Outcome {
    /// The same for the writers of files.
    pub(crate) fn as_run(&self) -> Run<'_> {
        Run {
            read_options: &self.settings.read_options,
            options: &self.settings.options,
            read: &self.read,
            analysis: &self.analysis,
        }
    }

    /// Tells what was dropped, guessed or doubtful, and what other programs may get wrong, but for findings of
    /// the codes that are `said` already, and for the language where that is sure.
    pub(crate) fn tell_findings(&self, said: &[&str], of_files: &[Diagnostic], streams: &mut Streams<'_>) {
        if self.settings.is_quiet {
            return;
        }
        let of_texts = self.read.diagnostics.iter().chain(&self.analysis.diagnostics);
        for diagnostic in of_texts.chain(of_files) {
            let is_known =
                said.contains(&diagnostic.code) || diagnostic.code == "language" && diagnostic.hint.is_none();
            if !is_known {
                streams.tell_diagnostic(diagnostic);
            }
        }
    }

    /// Whether there was too little text for themes, or for a network where no themes were sought.
    pub(crate) fn is_too_little(&self) -> bool {
        match self.settings.options.levels {
            0 => self.analysis.network.edge_count() == 0,
            _ => self.analysis.themes.is_empty(),
        }
    }

    /// The exit code when everything else went well. What was found goes when the program ends, which takes less
    /// time than to free it piece by piece.
    pub(crate) fn finish(self) -> u8 {
        let code = self.code();
        std::mem::forget(self.analysis);
        code
    }

    fn code(&self) -> u8 {
        if !self.read.failures.is_empty() && !self.settings.keep_going {
            FAILED
        } else if self.is_too_little() {
            TOO_LITTLE
        } else {
            DONE
        }
    }
}
