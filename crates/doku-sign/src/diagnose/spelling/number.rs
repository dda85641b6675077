//! Numbers as they come out of a program that read them as floats.

/// What becomes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Kept as text.
    AsWritten,
    /// JavaScript has floats only: `10000.00` becomes `10000`.
    JavaScript,
    /// What has a point or an exponent is a float: `10000.00` becomes `10000.0`.
    Double,
    /// Every number is a float: `10000` becomes `10000.0`. Java's way of writing them.
    EveryDouble,
}

impl Numbers {
    /// Writes `token`, which is a number, a word, or anything at all.
    pub(super) fn write(self, token: &str, out: &mut String) {
        match self.written(token) {
            Some(number) => out.push_str(&number),
            None => out.push_str(token),
        }
    }

    /// `None` where the token stays as it is.
    fn written(self, token: &str) -> Option<String> {
        let is_number = token.len() <= 64
            && token.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if self == Self::AsWritten || !is_number {
            return None;
        }
        let whole = !token.contains(['.', 'e', 'E']);
        let number: f64 = token
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())?;
        match self {
            Self::AsWritten => None,
            Self::Double if whole => None,
            Self::JavaScript => Some(javascript(number)),
            Self::Double => Some(double(number)),
            Self::EveryDouble => Some(java(number)),
        }
    }
}

/// ECMAScript's `Number::toString`.
fn javascript(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        format!("{number}")
    } else {
        signed_exponent(&format!("{number:e}"))
    }
}

/// Python's `repr`, and PHP for the numbers that are met.
fn double(number: f64) -> String {
    if number == 0.0 || (1e-4..1e16).contains(&number.abs()) {
        format!("{number:?}")
    } else {
        signed_exponent(&format!("{number:e}"))
    }
}

/// Java's `Double.toString`.
fn java(number: f64) -> String {
    if number == 0.0 || (1e-3..1e7).contains(&number.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

fn signed_exponent(text: &str) -> String {
    if text.contains("e-") {
        text.to_owned()
    } else {
        text.replace('e', "e+")
    }
}
