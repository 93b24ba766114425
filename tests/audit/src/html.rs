//! The report as one page without scripts.

use std::fmt::Write as _;

use crate::{
    report::{Entry, Report, Status},
    results::Ending,
};

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c2430}\
table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-bottom:1px solid #d8dee6;padding:.35rem .5rem;\
text-align:left;vertical-align:top}td:first-child{white-space:nowrap;font-weight:600}code{font-size:.86em}\
.passed{color:#146c2e}.failed,.without_test{color:#b3261e;font-weight:600}.not_applicable{color:#5b6673}";

/// The page.
#[must_use]
pub fn page(report: &Report) -> String {
    let mut page = String::from("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
    page.push_str(
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Weir: audit report</title>",
    );
    let _ = write!(page, "<style>{STYLE}</style><h1>Weir: audit report</h1>");
    let verdict = if report.is_good() {
        "<p class=\"passed\">Every id that applies has a test, and every test passed.</p>"
    } else {
        "<p class=\"failed\">Not everything is shown; see below.</p>"
    };
    page.push_str(verdict);
    summary(&mut page, report);
    let mut document = "";
    for entry in &report.ids {
        if entry.document != document {
            if !document.is_empty() {
                page.push_str("</table>");
            }
            document = &entry.document;
            let _ = write!(page, "<h2>{}</h2><table>", escape(document));
            page.push_str("<tr><th>id</th><th>what holds</th><th>tests</th><th>result</th></tr>");
        }
        row(&mut page, entry);
    }
    page.push_str("</table></html>\n");
    page
}

fn summary(page: &mut String, report: &Report) {
    let mutants = &report.mutants;
    let _ = write!(
        page,
        "<table><tr><td>ids<td>{}<tr><td>without a test<td>{}<tr><td>failed<td>{}<tr><td>do not apply<td>{}\
         <tr><td>results older than the sources<td>{}\
         <tr><td>mutants caught<td>{} of {} ({}.{:02} %), {} more make no difference\
         <tr><td>files changed since their mutants ran<td>{}</table>",
        report.ids.len(),
        list(&report.without_test),
        list(&report.failed),
        report.not_applicable.len(),
        if report.stale_results { "yes" } else { "no" },
        mutants.caught,
        mutants.caught + u64::try_from(mutants.survived.len()).unwrap_or_default(),
        mutants.caught_bps / 100,
        mutants.caught_bps % 100,
        mutants.explained,
        list(&mutants.stale),
    );
    if !mutants.survived.is_empty() {
        page.push_str("<details><summary>survivors</summary><ul>");
        for survivor in &mutants.survived {
            let _ = write!(page, "<li><code>{}</code>", escape(survivor));
        }
        page.push_str("</ul></details>");
    }
}

fn row(page: &mut String, entry: &Entry) {
    let (class, word) = match entry.status {
        Status::Passed => ("passed", "passed"),
        Status::Failed => ("failed", "failed"),
        Status::WithoutTest => ("without_test", "without test"),
        Status::NotApplicable => ("not_applicable", "does not apply"),
    };
    let mut tests = String::new();
    for test in &entry.tests {
        let ending = match test.ending {
            Some(Ending::Passed) => "",
            Some(Ending::NotRun) => " (did not run)",
            Some(Ending::Failed) => " (failed)",
            None => " (does not exist)",
        };
        let _ = write!(tests, "<code>{}</code>{ending}<br>", escape(&test.name));
    }
    if let Some(reason) = &entry.reason {
        tests.push_str(&escape(reason));
    }
    let _ = write!(
        page,
        "<tr id=\"{id}\"><td>{id}</td><td>{text}</td><td>{tests}</td><td class=\"{class}\">{word}</td></tr>",
        id = escape(&entry.id),
        text = escape(&entry.text),
    );
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        String::from("0")
    } else {
        format!("{}: {}", names.len(), escape(&names.join(", ")))
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
