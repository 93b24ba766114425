//! Reading a TOML file strictly: unknown keys are refused, and all faults are reported at once with their lines.
//!
//! A derived deserializer stops at the first fault and reads numbers through `f64`; this one does neither.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::fault::{Fault, Faults};

pub mod convert;
#[cfg(test)]
mod tests;

/// The file being read, and what was found wrong with it.
struct Document<'d> {
    file: &'d Path,
    /// Byte offsets at which lines begin.
    lines: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

impl Document<'_> {
    /// The line, from 1, of a byte of the file.
    fn line(&self, offset: usize) -> u64 {
        let line = self.lines.partition_point(|begin| *begin <= offset);
        u64::try_from(line).unwrap_or(u64::MAX)
    }

    fn fault(&self, line: u64, key: Option<&str>, message: String) {
        self.faults.borrow_mut().push(Fault::at(self.file, line, key, message));
    }
}

/// Reads a file and builds a value from it.
///
/// # Errors
///
/// All faults: the file cannot be read or is not UTF-8, the TOML is broken, or `build` found it wanting.
pub fn read_file<T>(
    file: &Path,
    build: impl FnOnce(&Section<'_>) -> Option<T>,
) -> Result<T, Faults> {
    let bytes = std::fs::read(file)
        .map_err(|error| Faults::one(Fault::whole(file, format!("cannot be read: {error}"))))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line = u64::try_from(line).unwrap_or(u64::MAX);
        Faults::one(Fault::at(file, line, None, "is not UTF-8 text"))
    })?;
    read_text(file, text, build)
}

/// As [`read_file`], from a text that is already there; `file` only names it.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_text<T>(
    file: &Path,
    text: &str,
    build: impl FnOnce(&Section<'_>) -> Option<T>,
) -> Result<T, Faults> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
    let document = Document { file, lines, faults: RefCell::default() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = document.line(error.span().map_or(0, |span| span.start));
        document.fault(line, None, error.message().to_owned());
    }
    // Keys that are missing because their line is broken would only hide the fault that counts.
    Faults::check(document.faults.take())?;
    let root = Section {
        document: &document,
        table: table.get_ref(),
        path: String::new(),
        line: 1,
        asked: RefCell::default(),
    };
    let built = build(&root);
    root.refuse_unknown();
    Faults::check(document.faults.take())?;
    built.ok_or_else(|| Faults::one(Fault::whole(file, "is incomplete")))
}

/// One table of a document. It remembers which keys were asked for; the others are unknown keys.
pub struct Section<'d> {
    document: &'d Document<'d>,
    table: &'d DeTable<'d>,
    path: String,
    line: u64,
    asked: RefCell<BTreeSet<String>>,
}

impl<'d> Section<'d> {
    /// The file this section stands in.
    #[must_use]
    pub fn file(&self) -> &Path {
        self.document.file
    }

    /// A path of the document, relative to the folder of the file it stands in.
    #[must_use]
    pub fn beside(&self, path: &str) -> PathBuf {
        self.file().parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
    }

    /// The value of `key`, which must be there.
    pub fn required<T>(
        &self,
        key: &str,
        convert: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        if self.find(key).is_none() {
            self.missing(key);
        }
        self.optional(key, convert)
    }

    /// The value of `key`, or `None` if it is absent, or at fault (then the whole document fails).
    pub fn optional<T>(
        &self,
        key: &str,
        convert: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        let (_, value) = self.find(key)?;
        match convert(value.get_ref()) {
            Ok(value) => Some(value),
            Err(message) => {
                self.fault(key, message);
                None
            }
        }
    }

    /// The value of `key`, or `default` if it is absent.
    pub fn or<T>(
        &self,
        key: &str,
        default: T,
        convert: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> T {
        self.optional(key, convert).unwrap_or(default)
    }

    /// The tables of the array `[[key]]`; none if it is absent.
    pub fn tables(&self, key: &str) -> Vec<Section<'d>> {
        let Some((_, value)) = self.find(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.fault(key, "must be an array of tables");
            return Vec::new();
        };
        let path = self.path_of(key);
        let children = array.iter().enumerate();
        children
            .filter_map(|(index, item)| self.child(&format!("{path}[{index}]"), item, None))
            .collect()
    }

    /// The named tables inside the table `key`; none if it is absent.
    pub fn children(&self, key: &str) -> Vec<(String, Section<'d>)> {
        let Some(section) = self.section(key) else { return Vec::new() };
        let entries = section.table.iter().filter_map(|(name, item)| {
            let path = section.path_of(name.get_ref());
            let child = section.child(&path, item, Some(name.span().start))?;
            Some((name.get_ref().to_string(), child))
        });
        entries.collect()
    }

    /// The table `key`, if it is there.
    pub fn section(&self, key: &str) -> Option<Section<'d>> {
        let (begin, value) = self.find(key)?;
        self.child(&self.path_of(key), value, Some(begin))
    }

    /// Whether the key is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Notes that `key`, which should be there, is not.
    pub fn missing(&self, key: &str) {
        self.note(key, self.line, "is missing".to_owned());
    }

    /// Notes a fault at `key`, or at the head of this table if the key is absent.
    pub fn fault(&self, key: &str, message: impl Into<String>) {
        let line = self.find(key).map_or(self.line, |(begin, _)| self.document.line(begin));
        self.note(key, line, message.into());
    }

    /// Notes a fault of this table as a whole.
    pub fn fault_here(&self, message: impl Into<String>) {
        let key = (!self.path.is_empty()).then_some(self.path.as_str());
        self.document.fault(self.line, key, message.into());
    }

    /// Notes every key that was not asked for. To be called when all known keys were.
    pub fn refuse_unknown(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            if !asked.contains(key.get_ref().as_ref()) {
                let known: Vec<&str> = asked.iter().map(String::as_str).collect();
                let message = format!("unknown key; known here: {}", known.join(", "));
                let line = self.document.line(key.span().start);
                self.note(key.get_ref(), line, message);
            }
        }
    }

    fn note(&self, key: &str, line: u64, message: String) {
        self.document.fault(line, Some(&self.path_of(key)), message);
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The byte at which a key begins, and its value.
    fn find(&self, key: &str) -> Option<(usize, &'d Spanned<DeValue<'d>>)> {
        self.asked.borrow_mut().insert(key.to_owned());
        let table: &'d DeTable<'d> = self.table;
        let (name, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((name.span().start, value))
    }

    fn child(
        &self,
        path: &str,
        item: &'d Spanned<DeValue<'d>>,
        begin: Option<usize>,
    ) -> Option<Section<'d>> {
        let line = self.document.line(begin.unwrap_or(item.span().start));
        let Some(table) = item.get_ref().as_table() else {
            self.document.fault(line, Some(path), "must be a table".to_owned());
            return None;
        };
        let asked = RefCell::default();
        Some(Section { document: self.document, table, path: path.to_owned(), line, asked })
    }
}
