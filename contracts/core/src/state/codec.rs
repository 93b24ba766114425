//! Fixed-width little-endian fields, one after the other.

/// A stored item that this version did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupt;

/// Writes fields one after the other.
pub(crate) struct Writer<'a> {
    rest: &'a mut [u8],
}

impl<'a> Writer<'a> {
    #[inline(always)]
    pub(crate) fn new(buffer: &'a mut [u8]) -> Self {
        Self { rest: buffer }
    }

    /// Copies a field. The lengths of the items are constants that leave room for each field; a test of each item
    /// shows that the last field ends where the item does.
    #[inline(always)]
    pub(crate) fn put<const N: usize>(&mut self, field: [u8; N]) {
        let rest = core::mem::take(&mut self.rest);
        if let Some((head, tail)) = rest.split_first_chunk_mut::<N>() {
            *head = field;
            self.rest = tail;
        }
    }

    #[inline(always)]
    pub(crate) fn u8(&mut self, field: u8) {
        self.put([field]);
    }

    #[inline(always)]
    pub(crate) fn u16(&mut self, field: u16) {
        self.put(field.to_le_bytes());
    }

    #[inline(always)]
    pub(crate) fn u32(&mut self, field: u32) {
        self.put(field.to_le_bytes());
    }

    #[inline(always)]
    pub(crate) fn u64(&mut self, field: u64) {
        self.put(field.to_le_bytes());
    }

    #[inline(always)]
    pub(crate) fn u128(&mut self, field: u128) {
        self.put(field.to_le_bytes());
    }

    /// How many bytes are left.
    #[inline(always)]
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }
}

/// Reads fields one after the other.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[inline(always)]
    pub(crate) fn new(item: &'a [u8]) -> Self {
        Self { rest: item }
    }

    #[inline(always)]
    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], Corrupt> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(Corrupt)?;
        self.rest = tail;
        Ok(*head)
    }

    #[inline(always)]
    pub(crate) fn u8(&mut self) -> Result<u8, Corrupt> {
        self.take().map(u8::from_le_bytes)
    }

    #[inline(always)]
    pub(crate) fn u16(&mut self) -> Result<u16, Corrupt> {
        self.take().map(u16::from_le_bytes)
    }

    #[inline(always)]
    pub(crate) fn u32(&mut self) -> Result<u32, Corrupt> {
        self.take().map(u32::from_le_bytes)
    }

    #[inline(always)]
    pub(crate) fn u64(&mut self) -> Result<u64, Corrupt> {
        self.take().map(u64::from_le_bytes)
    }

    #[inline(always)]
    pub(crate) fn u128(&mut self) -> Result<u128, Corrupt> {
        self.take().map(u128::from_le_bytes)
    }

    /// Refuses an item that goes on where it should end.
    #[inline(always)]
    pub(crate) fn finish(self) -> Result<(), Corrupt> {
        if self.rest.is_empty() { Ok(()) } else { Err(Corrupt) }
    }
}
