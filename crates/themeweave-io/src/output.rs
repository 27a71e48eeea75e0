//! An output folder that is there whole or not at all.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::digest::{FileDigest, HashingWriter};
use crate::terminal::terminal_safe;

/// Name of the file by which an earlier output of this program is known.
pub(crate) const MANIFEST: &str = "manifest.json";

/// A folder of results in the making.
///
/// Files are written to a temporary folder beside the place where the folder is to stand, which no
/// other user can enter. [`finish`](Self::finish) brings everything to disk and moves the folder to
/// its place in one step. Dropping it before removes every trace.
///
/// ```
/// use themeweave_io::OutputFolder;
///
/// let parent = tempfile::tempdir()?;
/// let place = parent.path().join("results");
/// let mut folder = OutputFolder::create(&place, false)?;
/// folder.write("nodes.csv", |file| file.write_all(b"Id,Label\n"))?;
/// assert_eq!(folder.files()[0].bytes, 9);
/// assert!(!place.exists());
/// folder.finish()?;
/// assert!(place.join("nodes.csv").exists());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    parent: PathBuf,
    replace: bool,
    workshop: TempDir,
    files: Vec<FileDigest>,
}

/// Name of a file that is to be written, and what writes it.
pub type NewFile<'f> = (String, Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'f>);

impl OutputFolder {
    /// The folder in which the files are until all are there. It goes away when this is dropped unfinished.
    pub fn workshop(&self) -> &Path {
        self.workshop.path()
    }

    /// Begins a folder that is to stand at `path`.
    ///
    /// With `replace`, a folder that stands there already is replaced when the new one is finished,
    /// provided that it is empty or an earlier output of this program (its `manifest.json` names
    /// the program `themeweave`).
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] when something stands at `path` that is not to be replaced,
    /// [`ErrorKind::InvalidInput`] when `path` names no folder (such as `..`), and any error of
    /// the file system. The message names the path and what to do.
    pub fn create(path: impl Into<PathBuf>, replace: bool) -> io::Result<Self> {
        let path = path.into();
        let Some(name) = path.file_name() else {
            return Err(about(&path, ErrorKind::InvalidInput, "this does not name a new folder"));
        };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        check_place(&path, replace)?;

        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let workshop = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(".tmp")
            .tempdir_in(&parent)
            .map_err(|error| no_place(&path, &parent, &error))?;
        let folder = Self { path, parent, replace, workshop, files: Vec::new() };
        // Made in the ordinary way, so that its permissions are those that the user asks for.
        fs::create_dir(folder.building()).map_err(|error| folder.failed(&error))?;
        Ok(folder)
    }

    /// Writes one file: `fill` gets a buffered writer. When this returns, the file is on disk and
    /// listed in [`files`](Self::files).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when `name` is not a plain file name,
    /// [`ErrorKind::AlreadyExists`] when there is a file of this name already, and any error of
    /// `fill` or the file system.
    pub fn write<T>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        let (value, file) = self.make(name, fill)?;
        self.files.push(file);
        Ok(value)
    }

    /// Writes several files, side by side on the threads of the rayon pool. They are listed in the order given.
    ///
    /// # Errors
    /// As [`write`](Self::write): that of the first file that failed. Those before it are listed.
    ///
    /// ```
    /// use themeweave_io::{NewFile, OutputFolder};
    ///
    /// let parent = tempfile::tempdir()?;
    /// let mut folder = OutputFolder::create(parent.path().join("results"), false)?;
    /// let files = ["nodes.csv", "edges.csv"].map(|name| -> NewFile<'_> {
    ///     (name.to_owned(), Box::new(move |file| writeln!(file, "the rows of {name}")))
    /// });
    /// folder.write_each(files.into())?;
    /// assert_eq!(folder.files()[1].name, "edges.csv");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn write_each(&mut self, files: Vec<NewFile<'_>>) -> io::Result<()> {
        let files = files.into_par_iter().with_max_len(1);
        let made: Vec<_> = files.map(|(name, fill)| self.make(&name, fill)).collect();
        for made in made {
            self.files.push(made?.1);
        }
        Ok(())
    }

    fn make<T>(
        &self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<(T, FileDigest)> {
        let place = self.path.join(name);
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name) {
            return Err(about(&place, ErrorKind::InvalidInput, "this is not the name of a file"));
        }
        let in_place = |error: io::Error| about(&place, error.kind(), error);
        let file = File::create_new(self.building().join(name)).map_err(in_place)?;
        let mut writer = BufWriter::with_capacity(1 << 16, HashingWriter::new(file));
        let value = fill(&mut writer).map_err(in_place)?;
        let (file, hasher) = writer.into_inner().map_err(|error| in_place(error.into_error()))?.into_parts();
        file.sync_all().map_err(in_place)?;
        Ok((value, hasher.finish(name)))
    }

    /// The files written so far, in the order of writing.
    pub fn files(&self) -> &[FileDigest] {
        &self.files
    }

    /// Moves the folder to its place, which it has whole or not at all.
    ///
    /// # Errors
    /// As [`create`](Self::create): what stands at the place is looked at again.
    pub fn finish(self) -> io::Result<()> {
        check_place(&self.path, self.replace)?;
        let building = self.building();
        let old = self.workshop.path().join("old");
        self.publish(&building, &old).map_err(|error| self.failed(&error))
        // The old folder stands in the workshop and is removed with it.
    }

    fn publish(&self, building: &Path, old: &Path) -> io::Result<()> {
        sync_folder(building)?;
        let replaced = match fs::rename(&self.path, old) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if let Err(error) = fs::rename(building, &self.path) {
            if replaced {
                fs::rename(old, &self.path)?;
            }
            return Err(error);
        }
        sync_folder(&self.parent)
    }

    fn building(&self) -> PathBuf {
        self.workshop.path().join("new")
    }

    fn failed(&self, error: &io::Error) -> io::Error {
        about(&self.path, error.kind(), format!("cannot write the folder: {error}"))
    }
}

/// Writes one file whole or not at all. A file that stands there already is replaced only with `replace`.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] when something stands at `path` that is not to be replaced, and any error
/// of the file system. The message names the path and what to do.
pub fn write_file(path: &Path, replace: bool, bytes: &[u8]) -> io::Result<()> {
    let failed = |error: &io::Error| about(path, error.kind(), format!("cannot write it: {error}"));
    let refused = || {
        let why = "this file exists; choose another name, or use --force to replace it";
        about(path, ErrorKind::AlreadyExists, why)
    };
    match fs::symlink_metadata(path) {
        Ok(metadata) if !replace => return Err(if metadata.is_file() { refused() } else { no_file(path) }),
        Ok(metadata) if !metadata.is_file() => return Err(no_file(path)),
        _ => {}
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new();
    // The permissions of any new file, not those of a secret one.
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = file.tempfile_in(parent).map_err(|error| no_place(path, parent, &error))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
    let moved = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    match moved {
        Ok(_) => sync_folder(parent).map_err(|error| failed(&error)),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(refused()),
        Err(error) => Err(failed(&error.error)),
    }
}

/// Why nothing can be made beside what is to stand at `path`.
fn no_place(path: &Path, parent: &Path, error: &io::Error) -> io::Error {
    let message = match error.kind() {
        ErrorKind::NotFound => {
            format!("the folder {} does not exist; make it first", terminal_safe(&parent.to_string_lossy()))
        }
        _ => format!("cannot write beside it: {error}"),
    };
    about(path, error.kind(), message)
}

fn no_file(path: &Path) -> io::Error {
    about(path, ErrorKind::AlreadyExists, "this is not a file; choose another name")
}

/// Says no when something stands at `path` that must stay.
fn check_place(path: &Path, replace: bool) -> io::Result<()> {
    let refuse = |why: &str| Err(about(path, ErrorKind::AlreadyExists, why));
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(about(path, error.kind(), error)),
    };
    if !metadata.is_dir() {
        return refuse("this is not a folder; choose another name");
    }
    if !replace {
        return refuse("this folder exists; choose another name, or use --force to replace it");
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| about(path, error.kind(), error))? {
        let name = entry.map_err(|error| about(path, error.kind(), error))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    if names.is_empty() {
        return Ok(());
    }
    let Some(manifest) = manifest_of_output(path) else {
        return refuse(
            "this folder is not an earlier output of themeweave and is not replaced; choose another name",
        );
    };
    match file_of_others(names, &manifest) {
        Some(name) => refuse(&format!(
            "this folder also has {}, which themeweave did not write and would be lost; move it away, or choose \
             another name",
            terminal_safe(&name)
        )),
        None => Ok(()),
    }
}

/// Of the names in an earlier output the first, in order, that is none of its files. What systems leave in every
/// folder does not count.
fn file_of_others(mut names: Vec<String>, manifest: &Value) -> Option<String> {
    let outputs = manifest.get("outputs").and_then(Value::as_array).into_iter().flatten();
    let mut own: HashSet<&str> =
        outputs.filter_map(|file| file.get("name").and_then(Value::as_str)).collect();
    own.extend([MANIFEST, "Thumbs.db", "desktop.ini"]);
    names.retain(|name| !own.contains(name.as_str()) && !name.starts_with('.'));
    names.into_iter().min()
}

/// Whether a folder is an earlier output of this program.
pub(crate) fn is_earlier_output(path: &Path) -> bool {
    manifest_of_output(path).is_some()
}

/// The manifest of an earlier output of this program; `None` for any other folder.
fn manifest_of_output(path: &Path) -> Option<Value> {
    let manifest = path.join(MANIFEST);
    if !fs::symlink_metadata(&manifest).ok()?.is_file() {
        return None;
    }
    let manifest: Value = serde_json::from_reader(BufReader::new(File::open(manifest).ok()?)).ok()?;
    (manifest.get("program").and_then(Value::as_str) == Some("themeweave")).then_some(manifest)
}

/// Brings the names in a folder to disk, where the system can.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

fn about(path: &Path, kind: ErrorKind, message: impl std::fmt::Display) -> io::Error {
    io::Error::new(kind, format!("{}: {message}", terminal_safe(&path.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn write_output(place: &Path, replace: bool, content: &[u8]) -> io::Result<()> {
        let mut folder = OutputFolder::create(place, replace)?;
        folder.write("themes.csv", |file| file.write_all(content))?;
        folder.write(MANIFEST, |file| {
            file.write_all(br#"{"program":"themeweave","outputs":[{"name":"themes.csv"}]}"#)
        })?;
        folder.finish()
    }

    #[test]
    fn a_finished_folder_stands_alone() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("out");
        let mut folder = OutputFolder::create(&place, false).unwrap();
        folder.write("a.csv", |file| file.write_all(b"abc")).unwrap();
        let count = folder.write("b.csv", |file| file.write(b"")).unwrap();
        assert_eq!(count, 0);
        assert_eq!(folder.files().iter().map(|file| file.bytes).collect::<Vec<_>>(), [3, 0]);
        assert!(folder.files()[0].sha256.starts_with("ba7816bf"));
        assert!(!place.exists());
        folder.finish().unwrap();
        assert_eq!(names(parent.path()), ["out"]);
        assert_eq!(names(&place), ["a.csv", "b.csv"]);
        assert_eq!(fs::read(place.join("a.csv")).unwrap(), b"abc");
    }

    #[test]
    fn files_that_are_written_side_by_side_are_listed_in_order() {
        let parent = tempfile::tempdir().unwrap();
        let mut folder = OutputFolder::create(parent.path().join("out"), false).unwrap();
        let file = |name: &str, result: io::Result<()>| -> NewFile<'_> {
            let content = name.to_owned();
            (name.to_owned(), Box::new(move |out| result.and_then(|()| out.write_all(content.as_bytes()))))
        };
        folder.write_each(["c", "a", "b"].map(|name| file(name, Ok(()))).into()).unwrap();
        let failing = |name: &str| file(name, Err(io::Error::other(format!("no {name}"))));
        let error = folder.write_each(vec![file("g", Ok(())), failing("d"), failing("e")]).unwrap_err();
        assert!(error.to_string().ends_with("d: no d"), "{error}");
        assert_eq!(
            folder.files().iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
            ["c", "a", "b", "g"]
        );
        folder.finish().unwrap();
        assert_eq!(fs::read(parent.path().join("out/b")).unwrap(), b"b");
    }

    #[test]
    fn nothing_stays_of_an_unfinished_folder() {
        let parent = tempfile::tempdir().unwrap();
        let mut folder = OutputFolder::create(parent.path().join("out"), false).unwrap();
        folder.write("a.csv", |file| file.write_all(b"abc")).unwrap();
        let error = folder.write("b.csv", |_| Err::<(), _>(io::Error::other("disk full"))).unwrap_err();
        assert!(error.to_string().ends_with("b.csv: disk full"), "{error}");
        assert_eq!(folder.files().len(), 1);
        drop(folder);
        assert!(names(parent.path()).is_empty());
    }

    #[test]
    fn a_file_is_replaced_only_when_asked() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("map.svg");
        write_file(&path, false, b"1").unwrap();
        let error = write_file(&path, false, b"2").unwrap_err();
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"1");
        write_file(&path, true, b"2").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"2");
        assert!(write_file(parent.path(), true, b"3").is_err());
        let error = write_file(&parent.path().join("no/such.svg"), true, b"3").unwrap_err();
        assert!(error.to_string().ends_with("no does not exist; make it first"), "{error}");
        assert_eq!(names(parent.path()), ["map.svg"]);
    }

    #[test]
    fn names_stay_within_the_folder() {
        let parent = tempfile::tempdir().unwrap();
        let mut folder = OutputFolder::create(parent.path().join("out"), false).unwrap();
        for name in ["", ".", "..", "../x", "a/b", "/etc/x", "a/", "a/."] {
            let error = folder.write(name, |_| Ok(())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
        }
        folder.write("a", |_| Ok(())).unwrap();
        assert_eq!(folder.write("a", |_| Ok(())).unwrap_err().kind(), ErrorKind::AlreadyExists);
    }

    #[test]
    fn only_an_earlier_output_is_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("out");
        write_output(&place, false, b"1").unwrap();
        let error = write_output(&place, false, b"2").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert!(error.to_string().contains("--force"), "{error}");
        write_output(&place, true, b"2").unwrap();
        assert_eq!(fs::read(place.join("themes.csv")).unwrap(), b"2");
        assert_eq!(names(parent.path()), ["out"]);

        fs::write(place.join("my-codes.xlsx"), "mine").unwrap();
        fs::write(place.join(".DS_Store"), "").unwrap();
        let error = write_output(&place, true, b"3").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert!(error.to_string().contains("my-codes.xlsx"), "{error}");
        assert!(place.join("my-codes.xlsx").exists());
        fs::remove_file(place.join("my-codes.xlsx")).unwrap();
        write_output(&place, true, b"2").unwrap();

        for manifest in ["{}", r#"{"program":"other"}"#, "not json", r#"["themeweave"]"#] {
            fs::write(place.join(MANIFEST), manifest).unwrap();
            assert_eq!(write_output(&place, true, b"3").unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        fs::remove_file(place.join(MANIFEST)).unwrap();
        assert!(write_output(&place, true, b"3").is_err());
        assert_eq!(fs::read(place.join("themes.csv")).unwrap(), b"2");

        fs::remove_file(place.join("themes.csv")).unwrap();
        write_output(&place, true, b"4").unwrap();
        assert_eq!(names(parent.path()), ["out"]);
    }

    #[test]
    fn what_appears_meanwhile_is_not_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("out");
        for replace in [false, true] {
            let folder = OutputFolder::create(&place, replace).unwrap();
            fs::create_dir(&place).unwrap();
            fs::write(place.join("mine.txt"), "x").unwrap();
            assert_eq!(folder.finish().unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(names(parent.path()), ["out"]);
            assert_eq!(names(&place), ["mine.txt"]);
            fs::remove_dir_all(&place).unwrap();
        }
    }

    #[test]
    fn places_that_cannot_be() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "x").unwrap();
        assert_eq!(OutputFolder::create(&file, true).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert!(OutputFolder::create(file.join("below"), true).is_err());
        let missing = OutputFolder::create(parent.path().join("no/such"), false).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert!(missing.to_string().ends_with("no does not exist; make it first"), "{missing}");
        for path in ["", "..", "/", "a/.."] {
            let error = OutputFolder::create(path, true).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path}");
        }
        assert_eq!(names(parent.path()), ["file"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_replaced_and_permissions_are_ordinary() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let parent = tempfile::tempdir().unwrap();
        let ordinary = parent.path().join("ordinary");
        fs::create_dir(&ordinary).unwrap();
        let place = parent.path().join("out");
        write_output(&place, false, b"1").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&place), mode(&ordinary));

        let link = parent.path().join("link");
        symlink(&place, &link).unwrap();
        assert_eq!(OutputFolder::create(&link, true).unwrap_err().kind(), ErrorKind::AlreadyExists);
    }
}
