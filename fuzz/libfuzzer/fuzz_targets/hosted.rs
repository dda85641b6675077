//! `doku_fuzz::hosted`, driven by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| doku_fuzz::hosted(input));
