//! What each library shows: its public API as a list, kept beside it and compared.
//!
//! A change of the list is a change that users see. It is looked at in review, and told in the changelog. The list is made
//! from rustdoc's JSON, which a stable toolchain writes when it is told to be one of its own bootstrap. Reading that
//! takes crates that no other check needs, so they stand behind the feature `surface`, and the command starts itself again
//! with it.

#[cfg(feature = "surface")]
mod listing;

#[cfg(feature = "surface")]
pub(crate) use listing::run;

/// Compares the lists with the sources, or writes them with `--bless`.
#[cfg(not(feature = "surface"))]
pub(crate) fn run(
    workspace: &crate::workspace::Workspace,
    options: &crate::options::Options,
) -> anyhow::Result<()> {
    let with_it = ["run", "--quiet", "-p", "xtask", "--features", "surface"];
    crate::shell::Program::cargo(&workspace.root)
        .args(with_it)
        .args(options.cargo_flags())
        .args(["--", "surface"])
        .args(options.offline.then_some("--offline"))
        .args(options.bless.then_some("--bless"))
        .run()
}
