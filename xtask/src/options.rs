//! What can be said to a command besides its name.

use anyhow::{Context as _, Result, bail};

use crate::ci::STEPS;

/// The options of a command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Steps of `ci` that are left out.
    pub(crate) skip: Vec<String>,
    /// No network: cargo must do with what it has.
    pub(crate) offline: bool,
    /// Lists that are compared are written instead.
    pub(crate) bless: bool,
    /// Nothing is uploaded.
    pub(crate) dry_run: bool,
    /// The suite is run in this tree besides: by a step of `ci`, or just before it by whoever skips that step.
    pub(crate) tested: bool,
}

impl Options {
    /// Reads options; a word that means nothing is an error, so that a slip never weakens a check in silence.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--offline" => options.offline = true,
                "--bless" => options.bless = true,
                "--dry-run" => options.dry_run = true,
                "--skip" => {
                    let names = rest
                        .next()
                        .context("--skip wants the names of steps, as in `--skip test`")?;
                    options.skip_steps(names)?;
                }
                other => bail!("`{other}` is no option; `cargo xtask help` lists them"),
            }
        }
        Ok(options)
    }

    fn skip_steps(&mut self, names: &str) -> Result<()> {
        for name in names.split(',') {
            if !STEPS.iter().any(|step| step.name == name) {
                bail!("--skip {name}: there is no such step; `cargo xtask help` lists them");
            }
            self.skip.push(name.to_owned());
        }
        Ok(())
    }

    /// The flags that every cargo call takes.
    pub(crate) fn cargo_flags(&self) -> &'static [&'static str] {
        if self.offline {
            &["--locked", "--offline"]
        } else {
            &["--locked"]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Options::parse(&words)
    }

    #[test]
    fn reads_both_options() {
        let options = parse(&["--skip", "test,readme", "--offline"]).unwrap();
        assert_eq!(options.skip, ["test", "readme"]);
        assert_eq!(options.cargo_flags(), ["--locked", "--offline"]);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(parse(&["--skip", "tests"]).is_err());
        assert!(parse(&["--skip"]).is_err());
        assert!(parse(&["--ofline"]).is_err());
    }
}
