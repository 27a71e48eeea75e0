//! How the bytes of rich text become characters.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// What bytes beyond ASCII stand for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Charset {
    Encoding(&'static Encoding),
    /// A font of symbols, whose characters Word keeps at U+F000 and up.
    Symbols,
}

impl Default for Charset {
    fn default() -> Self {
        Self::Encoding(WINDOWS_1252)
    }
}

impl Charset {
    /// The charset of a code page of Windows; that of Western Europe where it is not known.
    pub(super) fn of_code_page(number: i32) -> Self {
        Self::Encoding(match number {
            874 => WINDOWS_874,
            932 => SHIFT_JIS,
            936 => GBK,
            949 => EUC_KR,
            950 => BIG5,
            1250 => WINDOWS_1250,
            1251 => WINDOWS_1251,
            1253 => WINDOWS_1253,
            1254 => WINDOWS_1254,
            1255 => WINDOWS_1255,
            1256 => WINDOWS_1256,
            1257 => WINDOWS_1257,
            1258 => WINDOWS_1258,
            10_000 => MACINTOSH,
            65_001 => UTF_8,
            _ => WINDOWS_1252,
        })
    }

    /// The charset of a font by its `\fcharset`; `None` for that of the file.
    pub(super) fn of_font(number: i32) -> Option<Self> {
        let code_page = match number {
            2 => return Some(Self::Symbols),
            77 => 10_000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            _ => return None,
        };
        Some(Self::of_code_page(code_page))
    }

    /// The characters of these bytes.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Encoding(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Symbols => {
                bytes.iter().filter_map(|&byte| char::from_u32(0xF000 + u32::from(byte))).collect()
            }
        }
    }
}
