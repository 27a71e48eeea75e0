//! Rich text as a stream of tokens.

use std::io::{BufRead, Read};

use crate::read::error::ReadError;

/// Most bytes of a control word.
const WORD: usize = 32;

/// Most digits of a number.
const DIGITS: usize = 10;

/// What rich text is made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\word` or `\word5`.
    Word(String, Option<i32>),
    /// `\` before a character that is no letter.
    Symbol(u8),
    /// A byte of text, as it stands or as `\'hh`.
    Byte(u8),
}

/// Reads tokens.
pub(super) struct Lexer<R> {
    source: R,
    at: u64,
}

impl<R: BufRead> Lexer<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, at: 0 }
    }

    /// Number of bytes that have been read.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token>, ReadError> {
        loop {
            let Some(byte) = self.byte()? else { return Ok(None) };
            return Ok(Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\r' | b'\n' | 0 => continue,
                b'\\' => match self.control()? {
                    Some(token) => token,
                    None => continue,
                },
                byte => Token::Byte(byte),
            }));
        }
    }

    /// What follows a backslash; `None` for bytes of a program's own, which are passed over.
    fn control(&mut self) -> Result<Option<Token>, ReadError> {
        let Some(first) = self.peek()? else { return Ok(None) };
        if !first.is_ascii_alphabetic() {
            self.byte()?;
            return Ok(Some(match first {
                b'\'' => Token::Byte(self.hexadecimal()?),
                b'\\' | b'{' | b'}' => Token::Byte(first),
                symbol => Token::Symbol(symbol),
            }));
        }
        let word = self.take_while(WORD, |byte| byte.is_ascii_alphabetic())?;
        let is_negative = self.peek()? == Some(b'-');
        if is_negative {
            self.byte()?;
        }
        let digits = self.take_while(DIGITS, |byte| byte.is_ascii_digit())?;
        if self.peek()? == Some(b' ') {
            self.byte()?;
        }
        let number = digits.parse::<i64>().ok().map(|number| if is_negative { -number } else { number });
        if word == "bin" {
            self.pass(u64::try_from(number.unwrap_or(0)).unwrap_or(0))?;
            return Ok(None);
        }
        let number = number.map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        Ok(Some(Token::Word(word, number)))
    }

    fn take_while(&mut self, most: usize, fits: impl Fn(u8) -> bool) -> Result<String, ReadError> {
        let mut taken = String::new();
        while taken.len() < most
            && let Some(byte) = self.peek()?.filter(|&byte| fits(byte))
        {
            taken.push(char::from(byte));
            self.byte()?;
        }
        Ok(taken)
    }

    /// The byte that two hexadecimal digits stand for; `?` where they are none.
    fn hexadecimal(&mut self) -> Result<u8, ReadError> {
        let digits = self.take_while(2, |byte| byte.is_ascii_hexdigit())?;
        Ok(if digits.len() == 2 { u8::from_str_radix(&digits, 16).unwrap_or(b'?') } else { b'?' })
    }

    /// Passes over as many bytes as there are, up to `count`.
    fn pass(&mut self, count: u64) -> Result<(), ReadError> {
        let passed =
            std::io::copy(&mut Read::take(&mut self.source, count), &mut std::io::sink()).map_err(failed)?;
        self.at += passed;
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        Ok(self.source.fill_buf().map_err(failed)?.first().copied())
    }

    fn byte(&mut self) -> Result<Option<u8>, ReadError> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.source.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }
}

fn failed(error: std::io::Error) -> ReadError {
    ReadError::general(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let mut lexer = Lexer::new(&br"{\rtf1\ab-12 a\'e9\~\\\u8364?\bin3 }}}\bin9999999999x"[..]);
        let mut found = Vec::new();
        while let Some(token) = lexer.next().unwrap() {
            found.push(token);
        }
        let word = |word: &str, number| Token::Word(word.into(), number);
        assert_eq!(
            found,
            [
                Token::Open,
                word("rtf", Some(1)),
                word("ab", Some(-12)),
                Token::Byte(b'a'),
                Token::Byte(0xE9),
                Token::Symbol(b'~'),
                Token::Byte(b'\\'),
                word("u", Some(8364)),
                Token::Byte(b'?'),
            ]
        );
    }
}
