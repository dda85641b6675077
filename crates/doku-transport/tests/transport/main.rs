//! The transport over real sockets, and its doubles without any.

#[cfg(feature = "testing")]
mod doubles;
mod seam;

#[cfg(feature = "reqwest")]
mod answers;
#[cfg(feature = "reqwest")]
mod environment;
#[cfg(feature = "reqwest")]
mod failures;
#[cfg(feature = "reqwest")]
mod given_client;
#[cfg(feature = "reqwest")]
mod limits;
#[cfg(feature = "reqwest")]
mod policy;
#[cfg(feature = "reqwest")]
mod secrecy;
#[cfg(feature = "reqwest")]
mod server;
#[cfg(feature = "reqwest")]
mod tls;
