//! Reads settings one by one and remembers every fault, so that an operator mends a file once.

use super::{Fault, Faults};
use std::collections::BTreeMap;
use std::fmt;
use toml::de::{DeArray, DeTable, DeValue};

/// What the names of environment variables that override a setting begin with.
pub const ENVIRONMENT_PREFIX: &str = "WEIR_KEEPER__";

/// Where a setting was given.
#[derive(Clone, Debug)]
enum Origin {
    Line(usize),
    Variable(String),
}

/// A setting as written: the text of a string, or the literal of anything else.
#[derive(Clone, Debug)]
struct Given {
    text: String,
    kind: Kind,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// A list of texts, parted by commas.
    List,
    /// Given in the environment, where everything is text.
    Untyped,
    Other(&'static str),
}

/// The settings of a file with those of the environment over them, by dotted key.
pub(super) struct Reader {
    file: String,
    given: BTreeMap<String, Given>,
    faults: Vec<Fault>,
}

impl Reader {
    /// Takes the file apart. Errors of TOML's grammar become faults, each with its line.
    pub(super) fn new(
        file: &str,
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut reader = Self { file: file.to_owned(), given: BTreeMap::new(), faults: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            reader.faults.push(Fault {
                key: "(syntax)".to_owned(),
                value: None,
                problem: error.message().replace('\n', " "),
                place: format!("{file}:{line}"),
            });
        }
        flatten("", table.get_ref(), text, &mut reader.given);
        for (name, value) in environment {
            if let Some(key) = name.strip_prefix(ENVIRONMENT_PREFIX) {
                let key = key.to_ascii_lowercase().replace("__", ".");
                let origin = Origin::Variable(name.clone());
                reader.given.insert(key, Given { text: value, kind: Kind::Untyped, origin });
            }
        }
        reader
    }

    /// Records a fault of a setting that was given, or of one that is missing.
    pub(super) fn fault(&mut self, key: &str, value: Option<String>, problem: impl fmt::Display) {
        let place = self.file.clone();
        self.faults.push(Fault { key: key.to_owned(), value, problem: problem.to_string(), place });
    }

    fn take(&mut self, key: &str) -> Option<Given> {
        self.given.remove(key)
    }

    fn refuse<T>(&mut self, key: &str, given: &Given, problem: impl fmt::Display) -> Option<T> {
        let place = match &given.origin {
            Origin::Line(line) => format!("{}:{line}", self.file),
            Origin::Variable(name) => format!("environment variable {name}"),
        };
        // Whoever writes a key itself where its place is asked for must not find it in a log.
        let value = (!key.starts_with("key.")).then(|| given.text.clone());
        self.faults.push(Fault { key: key.to_owned(), value, problem: problem.to_string(), place });
        None
    }

    /// A text that `parse` turns into a value. `None` where it is absent or at fault.
    pub(super) fn optional<T, E: fmt::Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let given = self.take(key)?;
        if !matches!(given.kind, Kind::Text | Kind::Untyped) {
            let found = given.kind;
            return self.refuse(key, &given, format!("a text in quotes is wanted, not {found}"));
        }
        match parse(&given.text) {
            Ok(value) => Some(value),
            Err(problem) => self.refuse(key, &given, problem),
        }
    }

    /// Like [`Self::optional`], but its absence is a fault.
    pub(super) fn required<T, E: fmt::Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.given.contains_key(key) {
            self.fault(key, None, "is missing");
            return None;
        }
        self.optional(key, parse)
    }

    /// Like [`Self::optional`], with a value for its absence.
    pub(super) fn text_or<T, E: fmt::Display>(
        &mut self,
        key: &str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> T {
        self.optional(key, parse).unwrap_or(default)
    }

    /// A list of texts, each of which `parse` turns into a value; in the environment parted by commas. Empty where it is
    /// absent or at fault.
    pub(super) fn list<T, E: fmt::Display>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let Some(given) = self.take(key) else { return Vec::new() };
        if !matches!(given.kind, Kind::List | Kind::Untyped) {
            let found = given.kind;
            let problem = format!("a list of texts is wanted, [\"…\", \"…\"], not {found}");
            return self.refuse(key, &given, problem).unwrap_or_default();
        }
        let items = given.text.split(',').map(str::trim).filter(|item| !item.is_empty());
        match items.map(|item| parse(item).map_err(|error| format!("{item}: {error}"))).collect() {
            Ok(values) => values,
            Err(problem) => self.refuse::<Vec<T>>(key, &given, problem).unwrap_or_default(),
        }
    }

    /// A whole number within bounds, both inclusive.
    pub(super) fn integer_or(&mut self, key: &str, default: u64, least: u64, most: u64) -> u64 {
        let Some(given) = self.take(key) else { return default };
        if !matches!(given.kind, Kind::Integer | Kind::Untyped) {
            let found = given.kind;
            let problem = format!("a whole number without quotes is wanted, not {found}");
            return self.refuse(key, &given, problem).unwrap_or(default);
        }
        match given.text.parse::<u64>() {
            Ok(value) if (least..=most).contains(&value) => value,
            _ => self
                .refuse(key, &given, format!("must be a whole number from {least} to {most}"))
                .unwrap_or(default),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean_or(&mut self, key: &str, default: bool) -> bool {
        let Some(given) = self.take(key) else { return default };
        match (given.kind, given.text.as_str()) {
            (Kind::Boolean | Kind::Untyped, "true") => true,
            (Kind::Boolean | Kind::Untyped, "false") => false,
            _ => self.refuse(key, &given, "must be true or false").unwrap_or(default),
        }
    }

    /// Whether the setting is given and not read yet.
    pub(super) fn has(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// Ends the reading: what nobody asked for is unknown.
    pub(super) fn finish(mut self) -> Result<(), Faults> {
        for (key, given) in std::mem::take(&mut self.given) {
            self.refuse::<()>(&key, &given, "is not a setting of the keeper");
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Faults(self.faults)) }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text",
            Self::Integer => "a whole number",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Untyped => "an environment variable",
            Self::Other(name) => name,
        })
    }
}

fn flatten(prefix: &str, table: &DeTable<'_>, source: &str, into: &mut BTreeMap<String, Given>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        let (text, kind) = match value.get_ref() {
            DeValue::Table(inner) => {
                flatten(&key, inner, source, into);
                continue;
            }
            DeValue::String(text) => (text.to_string(), Kind::Text),
            DeValue::Integer(number) => (number.to_string(), Kind::Integer),
            DeValue::Boolean(value) => (value.to_string(), Kind::Boolean),
            DeValue::Float(number) => (number.to_string(), Kind::Other("a number with a fraction")),
            DeValue::Datetime(time) => (time.to_string(), Kind::Other("a date")),
            DeValue::Array(items) => match texts(items) {
                Some(texts) => (texts.join(","), Kind::List),
                None => ("[…]".to_owned(), Kind::Other("a list of other things")),
            },
        };
        let origin = Origin::Line(line_of(source, value.span().start));
        into.insert(key, Given { text, kind, origin });
    }
}

/// The items of a list, if all are texts without the comma that parts them in the environment.
fn texts(items: &DeArray<'_>) -> Option<Vec<String>> {
    let text = |item: &DeValue<'_>| match item {
        DeValue::String(text) if !text.contains(',') => Some(text.to_string()),
        _ => None,
    };
    items.iter().map(|item| text(item.get_ref())).collect()
}

/// The line, from 1, of a byte of the text.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
