//! Placeholder while the layers above are laid.
