//! `doku_fuzz::keys`, driven by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| doku_fuzz::keys(input));
