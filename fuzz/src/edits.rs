//! An input as a list of small changes to something that is in order.

/// The most changes that are made: after that nothing is left of what was in order.
const MOST: usize = 64;

/// Changes `original` as `script` says: four bytes are one change, its kind, its place (two bytes) and its byte.
///
/// Bytes that do not fill a change are left out, so a script of fewer than four changes nothing.
pub(crate) fn edited(original: &[u8], script: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let (changes, _) = script.as_chunks::<4>();
    for [kind, high, low, byte] in changes.iter().take(MOST) {
        let place = usize::from(u16::from_be_bytes([*high, *low]));
        let at = place.checked_rem(bytes.len()).unwrap_or(0);
        match kind % 4 {
            0 => bytes.insert(at, *byte),
            1 if !bytes.is_empty() => drop(bytes.remove(at)),
            2 => {
                if let Some(found) = bytes.get_mut(at) {
                    *found = *byte;
                }
            }
            _ => {
                if let Some(found) = bytes.get_mut(at) {
                    *found ^= 1 << (byte % 8);
                }
            }
        }
    }
    bytes
}
