//! The schema of a file of vectors, checked before anything is computed.

use std::collections::HashSet;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::{Map, Value};

use crate::number::{self, Number};

/// Whether Weir itself uses the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applies {
    /// It does: the result must come from `weir-core`.
    Direct,
    /// It is another protocol's.
    Anchor,
}

/// How far a result may be off.
#[derive(Clone, Debug)]
pub(crate) enum Tolerance {
    /// Not at all.
    Exact,
    /// By this much.
    Absolute(Number),
    /// By this part of the expected value.
    Relative(Number),
}

/// One vector.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) function: String,
    pub(crate) applies: Applies,
    pub(crate) input: Map<String, Value>,
    pub(crate) expect: Vec<(String, Expected)>,
    pub(crate) tolerance: Tolerance,
}

/// An expected value: a number, or the words of a scenario.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    Number(Number),
    Words(String),
}

/// Reads a file of schema 1.
pub(crate) fn parse(text: &str) -> Result<Vec<Vector>> {
    let root: Value = serde_json::from_str(text).context("it is not JSON")?;
    let root = root.as_object().ok_or_else(|| anyhow!("it does not hold an object"))?;
    let schema = root.get("schema").ok_or_else(|| anyhow!("field `schema` is missing"))?;
    ensure!(schema.as_u64() == Some(1), "field `schema` is {schema}, this program reads schema 1");
    let vectors = root.get("vectors").ok_or_else(|| anyhow!("field `vectors` is missing"))?;
    let vectors = vectors.as_array().ok_or_else(|| anyhow!("field `vectors` is not a list"))?;
    ensure!(!vectors.is_empty(), "field `vectors` is an empty list");
    let mut seen = HashSet::new();
    let mut parsed = Vec::with_capacity(vectors.len());
    for (index, value) in vectors.iter().enumerate() {
        let vector =
            vector(value).with_context(|| match value.get("id").and_then(Value::as_str) {
                Some(id) => format!("vector `{id}`"),
                None => format!("vector number {}", index + 1),
            })?;
        ensure!(seen.insert(vector.id.clone()), "field `id` holds `{}` twice", vector.id);
        parsed.push(vector);
    }
    Ok(parsed)
}

fn vector(value: &Value) -> Result<Vector> {
    let fields = value.as_object().ok_or_else(|| anyhow!("it is not an object"))?;
    let applies = match text(fields, "applies")? {
        "direct" => Applies::Direct,
        "anchor" => Applies::Anchor,
        other => bail!("field `applies` is `{other}`, neither `direct` nor `anchor`"),
    };
    let expect = object(fields, "expect")?;
    ensure!(!expect.is_empty(), "field `expect` is empty");
    Ok(Vector {
        id: text(fields, "id")?.to_owned(),
        function: text(fields, "fn")?.to_owned(),
        applies,
        input: object(fields, "input")?.clone(),
        expect: expect.iter().map(expected).collect::<Result<_>>()?,
        tolerance: tolerance(object(fields, "tolerance")?)?,
    })
}

fn expected((name, value): (&String, &Value)) -> Result<(String, Expected)> {
    let text = value.as_str().ok_or_else(|| anyhow!("field `expect.{name}` is not a string"))?;
    let value = match number::parse(text) {
        Some(number) => Expected::Number(number),
        None => Expected::Words(text.to_owned()),
    };
    Ok((name.clone(), value))
}

fn tolerance(fields: &Map<String, Value>) -> Result<Tolerance> {
    let value = || {
        let text = text(fields, "value").context("field `tolerance`")?;
        number::parse(text)
            .ok_or_else(|| anyhow!("field `tolerance.value` is `{text}`, which is not a number"))
    };
    match text(fields, "kind").context("field `tolerance`")? {
        "exact" => Ok(Tolerance::Exact),
        "abs" => Ok(Tolerance::Absolute(value()?)),
        "rel" => Ok(Tolerance::Relative(value()?)),
        other => bail!("field `tolerance.kind` is `{other}`, not `exact`, `abs` or `rel`"),
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str> {
    let value = fields.get(name).ok_or_else(|| anyhow!("field `{name}` is missing"))?;
    value.as_str().ok_or_else(|| anyhow!("field `{name}` is not a string"))
}

fn object<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a Map<String, Value>> {
    let value = fields.get(name).ok_or_else(|| anyhow!("field `{name}` is missing"))?;
    value.as_object().ok_or_else(|| anyhow!("field `{name}` is not an object"))
}
