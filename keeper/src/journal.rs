//! The journal: what the keeper has signed, written and synced before anybody else sees it.
//!
//! A transaction is entered before it is broadcast, and its end is entered when it is known. After a crash the open
//! entries are what may have been spent: each is handed to the node again, byte for byte (the same bytes cannot be
//! included twice), and followed to its end before the account it is about is planned anew. A transaction past its era
//! without having been included is provably dead.
//!
//! One thread owns the file. What waits for it is written in one commit, so that many liquidations of one price share
//! one sync.

mod entry;
#[cfg(test)]
mod tests;

pub use entry::{Entry, SavedLeg, SavedPlan, SavedTransaction, State};

use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tokio::sync::oneshot;
use tracing::error;
use weir_chain::{Address, B256};

/// Entries by number, as JSON.
const ENTRIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries");
/// Numbers of the entries whose end is not known.
const OPEN: TableDefinition<'_, u64, ()> = TableDefinition::new("open");
/// Whose journal it is.
const OWNER: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("owner");
/// Version of the format.
const FORMAT: u8 = 1;

/// Number of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(u64);

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process has it open.
    #[error("journal {}: another keeper has it open; two keepers with one key would spend twice", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The system or the database refuses.
    #[error("journal {}: {reason}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
    /// It belongs to something else.
    #[error("journal {}: it is of another {what}; give each chain and each account a journal of its own", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
    },
    /// An entry cannot be read.
    #[error(
        "journal {}: entry {number} cannot be read ({reason}); what it says may still be under way: wait until the chain \
         is as many blocks further as submitter.mortality_blocks, then move the file away",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The entry.
        number: u64,
        /// What is wrong.
        reason: String,
    },
    /// The thread that writes has ended.
    #[error("the journal is closed")]
    Closed,
}

/// What the thread is asked to write.
enum Change {
    New(Box<Entry>),
    State(Number, State),
}

struct Job {
    change: Change,
    done: oneshot::Sender<Result<Number, JournalError>>,
}

/// The journal, open. Clones share it; the file is closed when the last one is gone.
#[derive(Clone, Debug)]
pub struct Journal {
    jobs: mpsc::Sender<Job>,
}

/// An opened journal and what it holds without an end, oldest first.
pub type Opened = (Journal, Vec<(Number, Entry)>);

impl Journal {
    /// Opens or creates the journal of an account on a chain.
    ///
    /// # Errors
    /// If another process has it open, it is of another chain or account, or it cannot be read or written.
    pub fn open(path: &Path, genesis: B256, account: Address) -> Result<Opened, JournalError> {
        let file = File::open(path)?;
        file.claim("chain", genesis.as_slice())?;
        file.claim("account", account.as_slice())?;
        file.claim("format", &[FORMAT])?;
        let (open, next) = file.read()?;
        let (jobs, queue) = mpsc::channel();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || file.write_all(&queue, next))
            .map_err(|source| JournalError::Failed {
                path: path.to_owned(),
                reason: source.to_string(),
            })?;
        Ok((Self { jobs }, open))
    }

    /// Enters what was signed. It is on the disk when this returns; only then may it be broadcast.
    ///
    /// # Errors
    /// If it could not be written: then nobody may see the transaction.
    pub async fn enter(&self, entry: Entry) -> Result<Number, JournalError> {
        self.ask(Change::New(Box::new(entry))).await
    }

    /// Notes how far an entry has come without waiting for the disk: if it is lost, the chain tells it again.
    pub fn mark(&self, number: Number, state: State) {
        let (done, _) = oneshot::channel();
        if self.jobs.send(Job { change: Change::State(number, state), done }).is_err() {
            error!("the journal is closed");
        }
    }

    async fn ask(&self, change: Change) -> Result<Number, JournalError> {
        let (done, answer) = oneshot::channel();
        self.jobs.send(Job { change, done }).map_err(|_| JournalError::Closed)?;
        answer.await.map_err(|_| JournalError::Closed)?
    }
}

/// The database and its name for messages.
struct File {
    path: PathBuf,
    database: Database,
}

impl File {
    fn open(path: &Path) -> Result<Self, JournalError> {
        let path = path.to_owned();
        match Database::create(&path) {
            Ok(database) => Ok(Self { path, database }),
            Err(redb::DatabaseError::DatabaseAlreadyOpen) => Err(JournalError::InUse { path }),
            Err(error) => Err(JournalError::Failed { path, reason: error.to_string() }),
        }
    }

    fn failed(&self, error: impl Into<redb::Error>) -> JournalError {
        JournalError::Failed { path: self.path.clone(), reason: error.into().to_string() }
    }

    /// Compares what the journal says about itself, or writes it into a new one.
    fn claim(&self, what: &'static str, value: &[u8]) -> Result<(), JournalError> {
        let write = self.database.begin_write().map_err(|error| self.failed(error))?;
        {
            let mut table = write.open_table(OWNER).map_err(|error| self.failed(error))?;
            let known = table.get(what).map_err(|error| self.failed(error))?;
            let known = known.map(|known| known.value().to_vec());
            match known {
                Some(known) if known == value => {}
                Some(_) => return Err(JournalError::Foreign { path: self.path.clone(), what }),
                None => {
                    table.insert(what, value).map_err(|error| self.failed(error))?;
                }
            }
        }
        write.commit().map_err(|error| self.failed(error))
    }

    /// The open entries, and the number after the last.
    fn read(&self) -> Result<(Vec<(Number, Entry)>, u64), JournalError> {
        let write = self.database.begin_write().map_err(|error| self.failed(error))?;
        // Reading needs tables that exist.
        write.open_table(ENTRIES).map_err(|error| self.failed(error))?;
        write.open_table(OPEN).map_err(|error| self.failed(error))?;
        write.commit().map_err(|error| self.failed(error))?;
        let read = self.database.begin_read().map_err(|error| self.failed(error))?;
        let entries = read.open_table(ENTRIES).map_err(|error| self.failed(error))?;
        let open = read.open_table(OPEN).map_err(|error| self.failed(error))?;
        let mut found = Vec::new();
        for item in open.iter().map_err(|error| self.failed(error))? {
            let number = item.map_err(|error| self.failed(error))?.0.value();
            let bytes = entries.get(number).map_err(|error| self.failed(error))?;
            let bytes = bytes.map(|bytes| bytes.value().to_vec()).unwrap_or_default();
            found.push((Number(number), self.entry(number, &bytes)?));
        }
        let last = entries.last().map_err(|error| self.failed(error))?;
        let next = last.map_or(0, |(number, _)| number.value().saturating_add(1));
        Ok((found, next))
    }

    fn entry(&self, number: u64, bytes: &[u8]) -> Result<Entry, JournalError> {
        serde_json::from_slice(bytes).map_err(|error| JournalError::Corrupt {
            path: self.path.clone(),
            number,
            reason: error.to_string(),
        })
    }

    /// Works until nobody asks any more: everything that waits goes into one commit.
    fn write_all(self, queue: &mpsc::Receiver<Job>, mut next: u64) {
        while let Ok(first) = queue.recv() {
            let jobs: Vec<Job> = std::iter::once(first).chain(queue.try_iter()).collect();
            let changes: Vec<&Change> = jobs.iter().map(|job| &job.change).collect();
            match self.commit(&changes, &mut next) {
                Ok(numbers) => {
                    for (job, number) in jobs.into_iter().zip(numbers) {
                        // Who asked may be gone, after a stop.
                        let _ = job.done.send(Ok(number));
                    }
                }
                Err(fault) => {
                    error!(%fault, "the journal does not take entries");
                    for job in jobs {
                        let _ = job.done.send(Err(JournalError::Failed {
                            path: self.path.clone(),
                            reason: fault.to_string(),
                        }));
                    }
                }
            }
        }
    }

    fn commit(&self, changes: &[&Change], next: &mut u64) -> Result<Vec<Number>, JournalError> {
        let mut after = *next;
        let mut numbers = Vec::with_capacity(changes.len());
        // A write transaction is synced when it is committed, unless told otherwise.
        let write = self.database.begin_write().map_err(|error| self.failed(error))?;
        {
            let mut entries = write.open_table(ENTRIES).map_err(|error| self.failed(error))?;
            let mut open = write.open_table(OPEN).map_err(|error| self.failed(error))?;
            for change in changes {
                let (number, entry) = match change {
                    Change::New(entry) => {
                        let number = after;
                        after = after.saturating_add(1);
                        (number, Entry::clone(entry))
                    }
                    Change::State(Number(number), state) => {
                        let bytes = entries.get(number).map_err(|error| self.failed(error))?;
                        let bytes = bytes.map(|bytes| bytes.value().to_vec()).unwrap_or_default();
                        (*number, Entry { state: state.clone(), ..self.entry(*number, &bytes)? })
                    }
                };
                let bytes = serde_json::to_vec(&entry).map_err(|error| JournalError::Failed {
                    path: self.path.clone(),
                    reason: error.to_string(),
                })?;
                entries.insert(number, bytes.as_slice()).map_err(|error| self.failed(error))?;
                if entry.state.is_end() {
                    open.remove(number).map_err(|error| self.failed(error))?;
                } else {
                    open.insert(number, ()).map_err(|error| self.failed(error))?;
                }
                numbers.push(Number(number));
            }
        }
        write.commit().map_err(|error| self.failed(error))?;
        *next = after;
        Ok(numbers)
    }
}
