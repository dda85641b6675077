//! `doku_fuzz::hosted_signed`, driven by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| doku_fuzz::hosted_signed(input));
