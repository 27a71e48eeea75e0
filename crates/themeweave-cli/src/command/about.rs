//! `completions` and `man`: what is generated from the description of the arguments.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Arguments;
use crate::exit::{DONE, Stop};

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell, out: &mut dyn Write) -> Result<u8, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "themeweave", &mut script);
    out.write_all(&script).map_err(Stop::stdout)?;
    Ok(DONE)
}

/// Prints the manual page: the commands, and the options of `analyze`, which the others share.
pub(super) fn manual(mut out: &mut dyn Write) -> Result<u8, Stop> {
    let command = Arguments::command();
    let page = Man::new(command.clone());
    let options = command.find_subcommand("analyze").cloned().map(Man::new);
    let mut write = || {
        page.render_title(&mut out)?;
        page.render_name_section(&mut out)?;
        page.render_synopsis_section(&mut out)?;
        page.render_description_section(&mut out)?;
        page.render_subcommands_section(&mut out)?;
        if let Some(options) = &options {
            options.render_options_section(&mut out)?;
        }
        page.render_extra_section(&mut out)?;
        page.render_version_section(&mut out)
    };
    write().map_err(Stop::stdout)?;
    Ok(DONE)
}

#[cfg(test)]
mod tests {
    use crate::tests::run;

    #[test]
    fn completions_and_manual_know_the_options() {
        for args in
            [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man"]]
        {
            let (code, out, err) = run(args, "");
            assert_eq!((code, err.as_str()), (0, ""));
            assert!(out.replace("\\-", "-").contains("stop-words"), "{args:?}");
        }
    }
}
