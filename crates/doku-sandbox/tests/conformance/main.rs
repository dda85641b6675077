//! When a row of the suite proves something: towards a server that is made up, on a clock that stands still.

mod bearer;
mod limited;
mod shop;
