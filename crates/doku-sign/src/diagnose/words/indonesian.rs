//! Bahasa Indonesia.

use std::borrow::Cow;

use super::{Labels, library};
use crate::diagnose::{Cause, KeyOwner};
use crate::string_to_sign::{Component, Difference};

pub(in crate::diagnose) const LABELS: Labels = Labels {
    right: "tanda tangan benar",
    right_but_refused: "tanda tangan benar, tetapi permintaannya akan ditolak",
    wrong: "tanda tangan tidak cocok",
    cause: "penyebab",
    likely: "mungkin",
    unknown: "tidak ada kesalahan yang dikenal yang menghasilkan tanda tangan ini",
    unknown_advice: "Bandingkan string-to-sign Anda dengan yang seharusnya, byte demi byte; jika sama, secret, token, atau kuncinya yang berbeda.",
    advice: "saran",
    expected: "seharusnya",
    signed: "yang dipakai",
    theirs: "milik mereka",
    difference: "perbedaan",
    clock: "jam",
    cut_short: "body atau teksnya terlalu panjang sehingga tidak semua kesalahan dicoba",
};

pub(in crate::diagnose) const fn component(component: Component) -> &'static str {
    match component {
        Component::ClientId => "client id",
        Component::Timestamp => "timestamp",
        Component::Method => "method",
        Component::Path => "path",
        Component::AccessToken => "access token",
        Component::BodyHash => "hash body",
        Component::RequestId => "request id",
    }
}

pub(in crate::diagnose) fn difference(difference: &Difference) -> String {
    match difference {
        Difference::Formula { ours, theirs } => {
            format!("rumusnya berbeda: {ours:?} di sini, {theirs:?} di sana")
        }
        Difference::Part {
            component: part,
            offset,
            ours,
            theirs,
        } => format!(
            "{} berbeda mulai karakter {}: {ours:?} di sini, {theirs:?} di sana",
            component(*part),
            offset.saturating_add(1)
        ),
    }
}

pub(in crate::diagnose) fn describe(cause: &Cause) -> Cow<'static, str> {
    Cow::Borrowed(match cause {
        Cause::NoSignature => "tidak ada tanda tangan",
        Cause::NotBase64 => "teksnya bukan tanda tangan",
        Cause::Hex => "tanda tangan ditulis dalam hex",
        Cause::Base64Url => "tanda tangan ditulis dalam base64url",
        Cause::Padding => "padding base64 tanda tangan salah",
        Cause::BlanksInSignature => {
            "ada spasi, ganti baris, atau tanda kutip di dalam tanda tangan"
        }
        Cause::PercentEncoded => "tanda tangan di-encode untuk URL atau formulir",
        Cause::EncodedTwice => "tanda tangan di-encode dua kali",
        Cause::AlgorithmBeforeSignature => {
            "nama algoritma ada di depan tanda tangan, seperti pada panggilan non-SNAP"
        }
        Cause::AlgorithmLeftOut => "tidak ada HMACSHA256= di depan tanda tangan",
        Cause::WrongLength { bytes } => {
            return format!("tidak ada tanda tangan jenis ini yang sepanjang {bytes} byte").into();
        }
        Cause::HmacSha256 => "ditandatangani dengan HMAC-SHA-256, bukan HMAC-SHA-512",
        Cause::HmacSha512 => "ditandatangani dengan HMAC-SHA-512, bukan HMAC-SHA-256",
        Cause::HmacInsteadOfRsa => "ditandatangani dengan client secret, bukan private key",
        Cause::RsaInsteadOfHmac => "ditandatangani dengan private key, bukan client secret",
        Cause::OtherHash(hash) => {
            return format!(
                "ditandatangani dengan RSA dan {}, bukan SHA-256",
                hash.as_str()
            )
            .into();
        }
        Cause::TokenFormula => "ditandatangani dengan rumus permintaan token, clientId|timestamp",
        Cause::TransactionFormula => {
            "ditandatangani dengan rumus transaksi, METHOD:path:token:hash:timestamp"
        }
        Cause::AsymmetricFormula => {
            "ditandatangani dengan rumus transaksi asimetris, METHOD:path:hash:timestamp"
        }
        Cause::NonSnapFormula => {
            "ditandatangani dengan baris-baris panggilan non-SNAP, Client-Id: dan seterusnya"
        }
        Cause::TokenLeftOut => "access token tidak ada di teks yang ditandatangani",
        Cause::LowerCaseMethod => "method yang ditandatangani tidak ditulis dengan huruf besar",
        Cause::OtherMethod => "yang ditandatangani adalah method lain",
        Cause::WholeUrl => "yang ditandatangani adalah URL, bukan path",
        Cause::PublicPath => {
            "yang ditandatangani adalah path dari URL publik, bukan path yang tiba di sini"
        }
        Cause::TrailingSlash => {
            "path yang ditandatangani kelebihan atau kekurangan garis miring di akhir"
        }
        Cause::NoQuery => "path ditandatangani tanpa query",
        Cause::NoLeadingSlash => "path ditandatangani tanpa garis miring pertama",
        Cause::DoubledSlash => "path ditandatangani dengan dua garis miring di awal",
        Cause::PathCutShort => "hanya bagian akhir path yang ditandatangani",
        Cause::LineEndAfterText => "teks ditandatangani bersama ganti baris di belakangnya",
        Cause::BearerInToken => "token ditandatangani bersama kata Bearer di depannya",
        Cause::EmptyToken => "tempat token dibiarkan kosong",
        Cause::OtherToken { number } => {
            return format!(
                "token lain yang ditandatangani: nomor {number} dari token lain yang diberikan"
            )
            .into();
        }
        Cause::BlanksInToken => {
            "token ditandatangani bersama spasi, ganti baris, atau tanda kutip di sekitarnya"
        }
        Cause::RawBody => "body di-hash tanpa di-minify",
        Cause::EmptyBody => "yang di-hash adalah body kosong, bukan body yang dikirim",
        Cause::BodyInvented => "nilai JSON kosong di-hash padahal tidak ada body yang dikirim",
        Cause::BlanksInStringsDropped => {
            "body di-minify dengan membuang spasi di dalam string juga"
        }
        Cause::SlashesEscaped => "body di-hash dengan \\/ tetapi dikirim dengan /",
        Cause::SlashesPlain => "body di-hash dengan / tetapi dikirim dengan \\/",
        Cause::Reserialised(spelling) => {
            return format!(
                "body yang di-hash ditulis ulang, berbeda dari yang dikirim ({})",
                library(*spelling)
            )
            .into();
        }
        Cause::BodyHashInCapitals => "hash body ditandatangani dalam huruf besar",
        Cause::BodyHashInBase64 => "hash body ditandatangani dalam base64",
        Cause::BodyNotHashed => "yang ditandatangani adalah body itu sendiri, bukan hash-nya",
        Cause::MinifiedBody => "body di-minify sebelum di-hash, padahal itu hanya untuk SNAP",
        Cause::LineEnds => "body di-hash dengan ganti baris lain atau spasi di sekitarnya",
        Cause::DigestInHex => "digest ditandatangani dalam hex",
        Cause::DigestLeftOut => "baris Digest tidak ada padahal ada body",
        Cause::DigestWithoutBody => "baris Digest ada padahal tidak ada body",
        Cause::TimestampInOtherOffset => "timestamp ditandatangani dalam offset lain",
        Cause::TimestampReformatted => "timestamp ditandatangani dalam bentuk lain",
        Cause::TimestampWithOtherLabel => {
            "timestamp ditandatangani dengan jam yang sama tetapi offset lain"
        }
        Cause::TimestampTakenTwice { seconds } => {
            return format!("timestamp yang ditandatangani berbeda {seconds:+} detik").into();
        }
        Cause::TimestampMilliseconds { milliseconds } => {
            return format!(
                "timestamp ditandatangani dengan .{milliseconds:03} detik, tetapi dikirim tanpa itu"
            )
            .into();
        }
        Cause::BlanksInClientId => {
            "client id ditandatangani bersama spasi atau ganti baris di sekitarnya"
        }
        Cause::EmptyClientId => "client id yang ditandatangani kosong",
        Cause::OtherClient => "client id di permintaan bukan client id yang seharusnya",
        Cause::RequestId => "request id ditandatangani kosong, atau bersama spasi di sekitarnya",
        Cause::BlanksInSecret => {
            "client secret dipakai bersama spasi atau ganti baris di sekitarnya"
        }
        Cause::QuotedSecret => "client secret dipakai bersama tanda kutip di sekitarnya",
        Cause::EmptySecret => "client secret kosong",
        Cause::ClientIdAsSecret => "client id dipakai sebagai client secret",
        Cause::OtherSecret { number } => {
            return format!(
                "client secret lain yang dipakai: nomor {number} dari secret lain yang diberikan"
            )
            .into();
        }
        Cause::OtherKey { owner, fingerprint } => {
            let owner = match owner {
                KeyOwner::Merchant => "merchant",
                KeyOwner::Doku => "DOKU",
            };
            return format!(
                "ditandatangani dengan kunci lain: milik {owner}, sidik jari {fingerprint}"
            )
            .into();
        }
        Cause::UnknownKey => "ditandatangani dengan kunci yang tidak diberikan",
        Cause::OtherText => "kuncinya benar, tetapi teks yang ditandatangani berbeda",
        Cause::OtherPart(part) => {
            return format!("{} yang ditandatangani berbeda", component(*part)).into();
        }
        Cause::ClockSkew(skew) => return skew.describe(super::Language::Indonesian).into(),
    })
}

pub(in crate::diagnose) const fn advice(cause: &Cause) -> &'static str {
    match cause {
        Cause::NoSignature => {
            "Kirim tanda tangan di header X-SIGNATURE, di luar SNAP di Signature."
        }
        Cause::NotBase64 => "Kirim byte tanda tangan dalam base64 standar, tanpa yang lain.",
        Cause::Hex => "Tulis byte tanda tangan dalam base64, bukan hex.",
        Cause::Base64Url => {
            "Tulis byte tanda tangan dalam base64 standar, dengan + dan / dan padding."
        }
        Cause::Padding => "Tambahkan = di akhir base64 sampai panjangnya kelipatan empat karakter.",
        Cause::BlanksInSignature => {
            "Kirim base64 dalam satu baris tanpa apa pun di sekitarnya; banyak encoder memotong baris kecuali dilarang."
        }
        Cause::PercentEncoded => "Taruh base64 apa adanya di header; header tidak di-encode.",
        Cause::EncodedTwice => {
            "Encode byte tanda tangannya, bukan teks hex atau base64-nya; banyak fungsi punya keluaran raw atau binary untuk itu."
        }
        Cause::AlgorithmBeforeSignature => {
            "Kirim base64 saja; HMACSHA256= milik panggilan non-SNAP DOKU."
        }
        Cause::AlgorithmLeftOut => "Kirim HMACSHA256= yang langsung diikuti base64-nya.",
        Cause::WrongLength { .. } => {
            "Pakai HMAC-SHA-512 dengan client secret untuk transaksi, HMAC-SHA-256 di luar SNAP, RSA dengan SHA-256 untuk permintaan token, dan kirim semua byte hasilnya."
        }
        Cause::HmacSha256 => "Pakai HMAC-SHA-512; HMAC-SHA-256 milik panggilan non-SNAP DOKU.",
        Cause::HmacSha512 => "Pakai HMAC-SHA-256; HMAC-SHA-512 milik SNAP.",
        Cause::HmacInsteadOfRsa => {
            "Tandatangani panggilan ini dengan private key: RSA PKCS#1 v1.5, SHA-256."
        }
        Cause::RsaInsteadOfHmac => {
            "Tandatangani panggilan ini dengan client secret: HMAC-SHA-512, di luar SNAP HMAC-SHA-256."
        }
        Cause::OtherHash(_) => "Pakai SHA256withRSA, yaitu RSA PKCS#1 v1.5 dengan SHA-256.",
        Cause::TokenFormula => {
            "clientId|timestamp hanya untuk permintaan token; tandatangani METHOD:path:token:hash:timestamp."
        }
        Cause::TransactionFormula => {
            "Pakai rumus panggilan ini: clientId|timestamp untuk token, METHOD:path:hash:timestamp untuk transaksi asimetris, baris berlabel di luar SNAP."
        }
        Cause::AsymmetricFormula => {
            "Pakai rumus panggilan ini: clientId|timestamp untuk token, METHOD:path:token:hash:timestamp untuk transaksi."
        }
        Cause::NonSnapFormula => {
            "Baris-baris itu milik panggilan non-SNAP DOKU; pakai rumus panggilan ini, METHOD:path:token:hash:timestamp untuk transaksi."
        }
        Cause::TokenLeftOut | Cause::EmptyToken => {
            "Taruh access token di antara path dan hash body."
        }
        Cause::LowerCaseMethod => "Tandatangani method dalam huruf besar.",
        Cause::OtherMethod => "Tandatangani method yang dipakai untuk mengirim.",
        Cause::WholeUrl => "Tandatangani path saja, tanpa skema dan host.",
        Cause::PublicPath => {
            "Sebuah proxy mengubah path di tengah jalan; verifikasi dengan path dari URL publik."
        }
        Cause::TrailingSlash => {
            "Tandatangani path persis seperti yang dipanggil, sampai karakter terakhir."
        }
        Cause::NoQuery => "Tandatangani path beserta query-nya.",
        Cause::NoLeadingSlash => "Tandatangani path mulai dari garis miring pertama.",
        Cause::DoubledSlash => {
            "Hapus garis miring di akhir base URL; tandatangani path yang dipanggil."
        }
        Cause::PathCutShort => "Tandatangani seluruh path, termasuk bagian yang ada di base URL.",
        Cause::LineEndAfterText => {
            "Tandatangani teksnya saja: echo menambahkan ganti baris, printf %s tidak."
        }
        Cause::BearerInToken => "Tandatangani token saja, tanpa kata Bearer.",
        Cause::OtherToken { .. } => {
            "Tandatangani token yang dibawa header Authorization dari permintaan yang sama."
        }
        Cause::BlanksInToken => {
            "Buang yang ada di sekitar token sebelum ditandatangani dan dikirim."
        }
        Cause::RawBody => {
            "Hash body yang sudah di-minify: spasi dan ganti baris di luar string tidak dihitung."
        }
        Cause::EmptyBody => "Hash body yang dikirim, untuk DELETE juga.",
        Cause::BodyInvented => "Jika tidak ada body yang dikirim, hash string kosong.",
        Cause::BlanksInStringsDropped => {
            "Buang spasi di luar string saja; partnerServiceId tetap dengan spasinya."
        }
        Cause::SlashesEscaped | Cause::SlashesPlain | Cause::Reserialised(_) => {
            "Serialisasi body satu kali, hash byte itu, dan kirim persis byte itu. Penerima meng-hash byte yang tiba, sebelum parser apa pun."
        }
        Cause::BodyHashInCapitals => "Tulis hash body dalam hex huruf kecil.",
        Cause::BodyHashInBase64 => "Tulis hash body dalam hex huruf kecil, bukan base64.",
        Cause::BodyNotHashed => {
            "Taruh SHA-256 di tempatnya: dari body yang di-minify dalam hex huruf kecil, di luar SNAP dari body apa adanya dalam base64."
        }
        Cause::MinifiedBody | Cause::LineEnds => "Hash byte body persis seperti yang dikirim.",
        Cause::DigestInHex => "Tulis digest dalam base64.",
        Cause::DigestLeftOut => {
            "Tandatangani baris Digest sebagai baris terakhir bila ada body yang dikirim."
        }
        Cause::DigestWithoutBody => {
            "Hilangkan baris Digest bila tidak ada body yang dikirim, seperti pada GET."
        }
        Cause::TimestampInOtherOffset
        | Cause::TimestampReformatted
        | Cause::TimestampWithOtherLabel => {
            "Buat teks timestamp satu kali; tandatangani dan kirim teks yang sama. Penerima memakai teks header, bukan waktu hasil parsing."
        }
        Cause::TimestampTakenTwice { .. } | Cause::TimestampMilliseconds { .. } => {
            "Baca jam satu kali untuk setiap permintaan; tandatangani dan kirim teks yang sama."
        }
        Cause::BlanksInClientId => "Buang spasi di sekitar client id.",
        Cause::EmptyClientId => "Isi client id; nilainya belum ada saat ditandatangani.",
        Cause::OtherClient => {
            "Pakai client id dari akun pemilik kuncinya, di permintaan dan di pengaturan; sandbox dan production masing-masing punya client id sendiri."
        }
        Cause::RequestId => "Tandatangani teks yang sama dengan header Request-Id.",
        Cause::BlanksInSecret => {
            "Buang spasi atau ganti baris yang tertinggal di sekitar secret saat menyalin."
        }
        Cause::QuotedSecret => "Buang tanda kutipnya; itu bagian dari berkas, bukan dari secret.",
        Cause::EmptySecret => "Isi client secret; nilainya belum ada saat ditandatangani.",
        Cause::ClientIdAsSecret => "Client id dan secret tertukar; secret diawali dengan SK-.",
        Cause::OtherSecret { .. } => {
            "Pakai secret yang sama di kedua pihak; mungkin baru diperbarui di salah satunya."
        }
        Cause::OtherKey { .. } => {
            "Pakai dua bagian dari satu pasangan: merchant menandatangani dengan private key-nya dan DOKU memverifikasi dengan public key merchant; DOKU menandatangani dengan kuncinya sendiri, dan merchant memverifikasi dengan public key DOKU."
        }
        Cause::UnknownKey => {
            "Bandingkan kunci kedua pihak: sidik jari kedua public key, atau secret di back office."
        }
        Cause::OtherText => {
            "Kuncinya benar. Bandingkan string-to-sign Anda dengan yang seharusnya, byte demi byte."
        }
        Cause::OtherPart(_) => "Samakan bagian itu di kedua pihak.",
        Cause::ClockSkew(_) => {
            "Setel jam dengan NTP. Jika selisihnya tepat beberapa jam, waktu lokal ditulis sebagai UTC atau sebaliknya. Panggilan yang sudah lama disimpan harus dinilai menurut waktu pengirimannya."
        }
    }
}
