//! Placeholder while the layers below are laid.
