//! Writing a body with its members in alphabetical order.

use serde_json::Value;

use super::Style;

/// `None` for what is not JSON or nested too deep, and beyond `limit` bytes.
pub(super) fn write(body: &[u8], style: &Style, limit: usize) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let mut out = String::with_capacity(body.len());
    write_value(&value, style, &mut out);
    (out.len() <= limit).then(|| out.into_bytes())
}

/// The recursion is bounded by the parser, which refuses what is nested deeper than 128.
fn write_value(value: &Value, style: &Style, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => style.numbers.write(&number.to_string(), out),
        Value::String(text) => style.escapes.write_plain(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(style.comma);
                }
                write_value(item, style, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // Sorted here, whatever order the map is built to keep.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push_str(style.comma);
                }
                style.escapes.write_plain(name, out);
                out.push_str(style.colon);
                write_value(value, style, out);
            }
            out.push('}');
        }
    }
}
