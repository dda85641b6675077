//! A create body: read from bytes, made valid, and written.

use divan::Bencher;
use divan::counter::BytesCount;
use doku_model::request::CreateVa;
use doku_model::wire::{self, VirtualAccountData};

const BODY: &str = include_str!("../tests/fixtures/create-btn-limits.json");

fn main() {
    divan::main();
}

fn data() -> VirtualAccountData<'static> {
    wire::decode(BODY.as_bytes()).expect("the fixture is a create body")
}

#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::of_str(BODY))
        .bench(|| wire::decode::<VirtualAccountData<'_>>(divan::black_box(BODY.as_bytes())));
}

#[divan::bench]
fn validate(bencher: Bencher<'_, '_>) {
    let data = data();
    bencher.bench_local(|| CreateVa::try_from(divan::black_box(&data)));
}

#[divan::bench]
fn encode(bencher: Bencher<'_, '_>) {
    let data = data();
    bencher
        .counter(BytesCount::new(wire::encode(&data).len()))
        .bench_local(|| wire::encode(divan::black_box(&data)));
}
