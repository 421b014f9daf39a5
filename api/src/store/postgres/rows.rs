//! Rows as PostgreSQL sent them: one block of bytes, and where in it each value begins.

use bytes::Bytes;

/// The rows of one statement.
#[derive(Default)]
pub struct PostgresRows {
    bytes: Bytes,
    /// For each value, row by row, where its length stands.
    starts: Vec<u32>,
    columns: usize,
}

/// Rows that are still coming in.
#[derive(Default)]
pub(super) struct Index {
    starts: Vec<u32>,
    columns: usize,
}

/// Bytes of a length.
const LENGTH: usize = 4;

impl Index {
    /// Notes the values of a row, whose message's body begins at `start` of the block. False if the body is none.
    pub(super) fn add(&mut self, body: &[u8], start: usize) -> bool {
        let Some((count, _)) = body.split_first_chunk::<2>() else { return false };
        let columns = usize::from(u16::from_be_bytes(*count));
        if self.starts.is_empty() {
            self.columns = columns;
        } else if self.columns != columns {
            return false;
        }
        let mut at = 2;
        for _ in 0..columns {
            let Some(length) = length_at(body, at) else { return false };
            let Ok(place) = u32::try_from(start + at) else { return false };
            self.starts.push(place);
            at += LENGTH + usize::try_from(length).unwrap_or(0);
        }
        at == body.len()
    }

    /// The rows, with the block that they stand in.
    pub(super) fn finish(self, bytes: Bytes) -> PostgresRows {
        PostgresRows { bytes, starts: self.starts, columns: self.columns }
    }
}

impl PostgresRows {
    /// How many there are.
    pub(in crate::store) fn len(&self) -> usize {
        self.starts.len().checked_div(self.columns).unwrap_or(0)
    }

    /// The same rows in a block of their own, which keeps no other rows in memory.
    pub(in crate::store) fn apart(&self) -> Self {
        Self { bytes: Bytes::copy_from_slice(&self.bytes), starts: self.starts.clone(), columns: self.columns }
    }

    /// How much memory they take.
    pub(in crate::store) fn bytes(&self) -> usize {
        self.bytes.len() + self.starts.len() * size_of::<u32>()
    }

    /// The bytes of a value: Some(None) for null, None if there is no such value.
    pub(in crate::store) fn value(&self, row: usize, column: usize) -> Option<Option<&[u8]>> {
        if column >= self.columns {
            return None;
        }
        let at = usize::try_from(*self.starts.get(row * self.columns + column)?).ok()?;
        let Ok(length) = usize::try_from(length_at(&self.bytes, at)?) else { return Some(None) };
        self.bytes.get(at + LENGTH..at + LENGTH + length).map(Some)
    }
}

/// The length that stands there; negative for null.
fn length_at(bytes: &[u8], at: usize) -> Option<i32> {
    bytes.get(at..at + LENGTH)?.try_into().ok().map(i32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(values: &[Option<&[u8]>]) -> Vec<u8> {
        let mut body = u16::try_from(values.len()).expect("few").to_be_bytes().to_vec();
        for value in values {
            let length = value.map_or(-1, |value| i32::try_from(value.len()).expect("short"));
            body.extend(length.to_be_bytes());
            body.extend(value.unwrap_or_default());
        }
        body
    }

    #[test]
    fn values_are_found_where_they_came() {
        let (first, second) = (body(&[Some(b"ab"), None, Some(b"")]), body(&[None, Some(b"c"), Some(b"de")]));
        let mut index = Index::default();
        assert!(index.add(&first, 0));
        assert!(index.add(&second, first.len()));
        let rows = index.finish(Bytes::from([first, second].concat()));
        assert_eq!(rows.len(), 2);
        let values: Vec<_> =
            (0..2).flat_map(|row| (0..3).map(move |column| (row, column))).map(|(row, column)| rows.value(row, column)).collect();
        assert_eq!(
            values,
            [Some(Some(&b"ab"[..])), Some(None), Some(Some(&b""[..])), Some(None), Some(Some(&b"c"[..])), Some(Some(&b"de"[..]))]
        );
        assert_eq!((rows.value(0, 3), rows.value(2, 0)), (None, None));
    }

    #[test]
    fn a_row_that_is_cut_or_of_another_width_is_none() {
        let whole = body(&[Some(b"ab"), Some(b"c")]);
        for end in 0..whole.len() {
            assert!(!Index::default().add(&whole[..end], 0), "{end}");
        }
        let mut index = Index::default();
        assert!(index.add(&whole, 0));
        assert!(!index.add(&body(&[None]), whole.len()));
    }
}
