//! The endpoints behind axum: the path as it was signed, bodies within bounds, handlers that misbehave, and what is logged.

mod bodies;
mod handlers;
mod logs;
mod over_http;
mod paths;
mod support;
