//! A table that grows in pieces: growing never moves what is there, and a copy of the whole is taken in no time.

use std::sync::Arc;

/// Entries in one piece.
const PIECE: usize = 1024;

/// A table that is only ever added to. Whoever takes a copy shares its pieces; a piece that is changed while somebody
/// shares it is copied first.
#[derive(Debug)]
pub(super) struct Pieces<T> {
    pieces: Vec<Arc<Vec<T>>>,
}

/// The table as it was at one moment.
pub(crate) type Shared<T> = Vec<Arc<Vec<T>>>;

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T: Clone> Pieces<T> {
    pub(super) fn push(&mut self, item: T) {
        let full = self.pieces.last().is_none_or(|last| last.len() >= PIECE);
        if full {
            self.pieces.push(Arc::new(Vec::with_capacity(PIECE)));
        }
        if let Some(piece) = self.pieces.last_mut().and_then(own) {
            piece.push(item);
        }
    }

    pub(super) fn at(&self, index: u32) -> Option<&T> {
        let (piece, place) = split(index);
        self.pieces.get(piece)?.get(place)
    }

    pub(super) fn at_mut(&mut self, index: u32) -> Option<&mut T> {
        let (piece, place) = split(index);
        own(self.pieces.get_mut(piece)?)?.get_mut(place)
    }

    pub(super) fn len(&self) -> usize {
        match self.pieces.split_last() {
            Some((last, full)) => full.len() * PIECE + last.len(),
            None => 0,
        }
    }

    /// Everything from the `skip`th on, in the order in which it was added.
    pub(super) fn iter_from(&self, skip: usize) -> impl Iterator<Item = &T> {
        self.pieces
            .iter()
            .skip(skip / PIECE)
            .flat_map(|piece| piece.iter())
            .skip(skip % PIECE)
    }

    /// The table as it is now: one count for each piece, however large it is.
    pub(super) fn share(&self) -> Shared<T> {
        self.pieces.clone()
    }
}

/// The piece to write to: a copy of its own where somebody shares it.
fn own<T: Clone>(piece: &mut Arc<Vec<T>>) -> Option<&mut Vec<T>> {
    if Arc::get_mut(piece).is_none() {
        let mut copy = Vec::with_capacity(PIECE);
        copy.extend(piece.iter().cloned());
        *piece = Arc::new(copy);
    }
    Arc::get_mut(piece)
}

fn split(index: u32) -> (usize, usize) {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    (index / PIECE, index % PIECE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut table = Pieces::default();
        for number in 0..3000_u32 {
            table.push(number);
        }
        let shared = table.share();
        *table.at_mut(5).unwrap() = 77;
        table.push(3000);
        let kept: Vec<u32> = shared
            .iter()
            .flat_map(|piece| piece.iter().copied())
            .collect();
        assert_eq!(kept, (0..3000).collect::<Vec<_>>());
        assert_eq!(
            (table.at(5), table.at(3000), table.at(3001)),
            (Some(&77), Some(&3000), None)
        );
        assert_eq!(table.len(), 3001);
        assert_eq!(
            table.iter_from(2999).copied().collect::<Vec<_>>(),
            [2999, 3000]
        );
    }
}
