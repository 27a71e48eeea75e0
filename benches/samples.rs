//! What is analyzed: the sample notes, generated notes, and every corpus in the folder that
//! `THEMEWEAVE_CORPORA` names.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use themeweave::{Corpus, Rng};
use themeweave_io::{Input, ReadOptions, read};

/// A corpus with its name.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) corpus: Corpus,
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// All corpora, read once.
pub(crate) fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
        let mut samples = vec![
            from_file("symposium-notes", data.join("symposium-notes.md")),
            from_file("consultation-answers", data.join("consultation-answers.csv")),
        ];
        for notes in [1_000, 10_000] {
            samples.push(Sample { name: format!("generated {notes}"), corpus: generated(notes) });
        }
        let folder = std::env::var_os("THEMEWEAVE_CORPORA").map(PathBuf::from);
        let mut folders: Vec<PathBuf> = folder
            .iter()
            .flat_map(|folder| folder.read_dir().unwrap())
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("corpus.csv").exists())
            .collect();
        folders.sort();
        for folder in folders {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            samples.push(from_file(&name, folder.join("corpus.csv")));
        }
        samples
    })
}

fn from_file(name: &str, path: PathBuf) -> Sample {
    let read = read(&[Input::Path(path)], &ReadOptions::default(), &mut std::io::empty()).unwrap();
    assert!(read.failures.is_empty(), "{:?}", read.failures);
    Sample { name: name.to_owned(), corpus: read.corpus }
}

/// Notes about twenty subjects, each with 60 words of its own, among 600 words of all; rare words are
/// rare, as in language.
fn generated(notes: usize) -> Corpus {
    let mut rng = Rng::new(7);
    let texts: Vec<String> = (0..notes)
        .map(|_| {
            let subject = rng.below(20);
            let words: Vec<String> = (0..10 + rng.below(20))
                .map(|_| {
                    let skewed =
                        |rng: &mut Rng, most: usize| (rng.unit() * rng.unit() * most as f64) as usize;
                    match rng.below(3) {
                        0 => format!("topic{}x{}", letters(subject), letters(skewed(&mut rng, 60))),
                        _ => format!("word{}", letters(skewed(&mut rng, 600))),
                    }
                })
                .collect();
            words.join(" ")
        })
        .collect();
    Corpus::from_notes(texts).unwrap()
}

/// A number in letters, so that it is read as a word.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'b' + (number % 20) as u8));
        number /= 20;
        if number == 0 {
            return text;
        }
    }
}

/// Bytes of all texts.
pub(crate) fn bytes(corpus: &Corpus) -> usize {
    corpus.documents().map(|document| document.text_len()).sum()
}
