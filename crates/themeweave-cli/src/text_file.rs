//! Small files that people write by hand: word lists and the configuration.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use themeweave_io::{TextEncoding, terminal_safe};

/// Most bytes of such a file.
const LIMIT: u64 = 16 << 20;

/// The text of a file. It is UTF-8, unless a byte order mark or `encoding` says otherwise. Devices,
/// pipes and files beyond a limit are refused; messages name the file and what to do.
pub(crate) fn read(path: &Path, encoding: Option<TextEncoding>) -> Result<String, String> {
    let name = name(path);
    let failed = |error| format!("{name}: {error}");
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(format!("{name}: this is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LIMIT {
        return Err(format!("{name}: this file is larger than {} MB", LIMIT >> 20));
    }
    let given = encoding.and_then(|encoding| Encoding::for_label(encoding.to_string().as_bytes()));
    let (encoding, mark) = Encoding::for_bom(&bytes).unwrap_or((given.unwrap_or(UTF_8), 0));
    let content = &bytes[mark..];
    encoding.decode_without_bom_handling_and_without_replacement(content).map(Cow::into_owned).ok_or_else(
        || {
            let valid = content.utf8_chunks().next().map_or("", |chunk| chunk.valid());
            let line = valid.matches('\n').count() + 1;
            match encoding == UTF_8 {
                true => format!("{name}, line {line}: this is not UTF-8; save the file as UTF-8"),
                false => format!("{name}: this is not {}; save the file as UTF-8", encoding.name()),
            }
        },
    )
}

/// The name of a file, for messages.
pub(crate) fn name(path: &Path) -> String {
    terminal_safe(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        let read_bytes = |bytes: &[u8], encoding: Option<&str>| {
            fs::write(&path, bytes).unwrap();
            read(&path, encoding.map(|name| name.parse().unwrap()))
        };
        assert_eq!(read_bytes("für".as_bytes(), None).unwrap(), "für");
        assert_eq!(read_bytes(b"\xef\xbb\xbfa", None).unwrap(), "a");
        assert_eq!(read_bytes(b"\xff\xfea\0", None).unwrap(), "a");
        assert_eq!(read_bytes(b"f\xfcr", Some("latin1")).unwrap(), "für");
        let error = read_bytes(b"a\nf\xfcr", None).unwrap_err();
        assert!(error.contains("words.txt, line 2: this is not UTF-8"), "{error}");
    }

    #[test]
    fn only_small_regular_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), None).unwrap_err().contains("not a regular file"));
        assert!(read(&folder.path().join("none"), None).is_err());
        let path = folder.path().join("large");
        File::create(&path).unwrap().set_len(LIMIT + 1).unwrap();
        assert!(read(&path, None).unwrap_err().contains("larger than 16 MB"));
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_refused() {
        assert!(read(Path::new("/dev/zero"), None).unwrap_err().contains("not a regular file"));
    }
}
