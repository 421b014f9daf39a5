//! Statements on one connection: many sent at once, all in one implicit transaction.
//!
//! Between two `Sync` messages everything runs in one transaction of its own (manual, section 55.2.4). With
//! `default_transaction_isolation = 'repeatable read'` it sees one snapshot, without a word of `BEGIN` and `COMMIT`.
//! `Flush` asks for answers in the middle of it.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use bytes::{Buf, BytesMut};
use postgres_protocol::message::backend::{
    BIND_COMPLETE_TAG, CLOSE_COMPLETE_TAG, COMMAND_COMPLETE_TAG, DATA_ROW_TAG, EMPTY_QUERY_RESPONSE_TAG, ERROR_RESPONSE_TAG, Header,
    Message, NOTICE_RESPONSE_TAG, NOTIFICATION_RESPONSE_TAG, PARAMETER_STATUS_TAG, PARSE_COMPLETE_TAG, READY_FOR_QUERY_TAG,
};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::sql::Value;
use super::rows::Index;
use super::start::{Stream, refusal, start};
use super::{Error, PostgresRows, Target, parameters};

/// One statement: its text, and the values bound to it.
#[derive(Debug)]
pub struct Statement {
    /// The text, with placeholders.
    pub text: String,
    /// The values, in the order of the placeholders.
    pub values: Vec<Value>,
    /// True if its result may be kept, while nothing that it was read from changes.
    pub keep: bool,
    /// True if it is worth planning for its values each time: the plan for any value, on which the server settles otherwise,
    /// takes a range whose ends are parameters to be narrow, which for a whole city is far off.
    pub anew: bool,
}

/// A connection that is signed in.
pub(in crate::store) struct Client {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: BytesMut,
    /// Names of the statements that the server has prepared, by their texts.
    prepared: HashMap<String, String>,
    /// Texts whose preparation the server has not confirmed yet.
    unconfirmed: VecDeque<String>,
    names: u64,
    /// True while a transaction is open: since something was sent without `Sync`.
    open: bool,
}

/// Statements one connection keeps prepared. Page sizes stand in the text, so there are more texts than plans.
const MOST_PREPARED: usize = 500;

/// What is read at least at once.
const READ_AT_ONCE: usize = 16 * 1024;

/// What fits into the buffers between two programs whatever the other does.
const SENT_AT_ONCE: usize = 32 * 1024;

/// All parameters, or all results, in binary.
const BINARY: [i16; 1] = [1];

impl Client {
    /// Connects and signs in.
    ///
    /// # Errors
    /// If the server is not there or refuses.
    pub(in crate::store) async fn connect(target: &Target) -> Result<Self, Error> {
        let (stream, input) = start(target).await?;
        Ok(Self {
            stream,
            input,
            output: BytesMut::with_capacity(4 * 1024),
            prepared: HashMap::new(),
            unconfirmed: VecDeque::new(),
            names: 0,
            open: false,
        })
    }

    /// Sends statements together and reads the rows of each. `last` ends the transaction with them; else it stays open
    /// for more, and with it the snapshot. `ended` is told when each statement ended, and its rows.
    ///
    /// # Errors
    /// If the server refuses one: then the transaction is over and the connection ready for another, unless the
    /// connection itself is broken.
    pub(in crate::store) async fn read(
        &mut self,
        statements: &[Statement],
        last: bool,
        ended: &mut Vec<(Instant, usize)>,
    ) -> Result<Vec<PostgresRows>, Error> {
        if self.prepared.len() > MOST_PREPARED {
            self.forget()?;
        }
        for statement in statements {
            self.write(statement)?;
        }
        if last {
            frontend::sync(&mut self.output);
        } else {
            frontend::flush(&mut self.output);
        }
        self.open = !last;
        self.send().await?;
        let mut results = Vec::with_capacity(statements.len());
        for _ in statements {
            match self.rows().await {
                Ok(rows) => {
                    ended.push((Instant::now(), rows.len()));
                    results.push(rows);
                }
                Err(error @ Error::Refused { .. }) => {
                    self.recover().await?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            }
        }
        if last {
            self.until_ready().await?;
        }
        Ok(results)
    }

    /// Ends the transaction, if one is open.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(in crate::store) async fn finish(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.open) {
            return Ok(());
        }
        frontend::sync(&mut self.output);
        self.send().await?;
        self.until_ready().await
    }

    fn write(&mut self, statement: &Statement) -> Result<(), Error> {
        let Statement { text, values, keep: _, anew } = statement;
        let unknown;
        let name = match self.prepared.get(text) {
            _ if *anew => {
                frontend::parse("", text, values.iter().map(parameters::type_of), &mut self.output)?;
                // Nothing is kept of it that would have to be forgotten.
                self.unconfirmed.push_back(String::new());
                ""
            }
            Some(name) => name,
            None => {
                self.names += 1;
                unknown = format!("s{}", self.names);
                frontend::parse(&unknown, text, values.iter().map(parameters::type_of), &mut self.output)?;
                self.prepared.insert(text.clone(), unknown.clone());
                self.unconfirmed.push_back(text.clone());
                &unknown
            }
        };
        frontend::bind("", name, BINARY, values, parameters::write, BINARY, &mut self.output).map_err(|error| match error {
            frontend::BindError::Conversion(_) => Error::Protocol("a value that cannot be sent"),
            frontend::BindError::Serialization(error) => Error::Connection(error),
        })?;
        frontend::execute("", 0, &mut self.output)?;
        Ok(())
    }

    /// Lets the server drop all prepared statements, with the next statements that are sent.
    fn forget(&mut self) -> Result<(), Error> {
        for (_, name) in self.prepared.drain() {
            frontend::close(b'S', &name, &mut self.output)?;
        }
        Ok(())
    }

    /// Sends what is written. A server that cannot get rid of its rows stops taking statements, so a long output is sent
    /// with an open ear.
    async fn send(&mut self) -> Result<(), Error> {
        if self.output.len() <= SENT_AT_ONCE {
            self.stream.write_all(&self.output).await?;
        } else {
            let (mut reader, mut writer) = tokio::io::split(&mut self.stream);
            let mut writing = std::pin::pin!(writer.write_all(&self.output));
            loop {
                self.input.reserve(READ_AT_ONCE);
                tokio::select! {
                    written = &mut writing => break written?,
                    read = reader.read_buf(&mut self.input) => if read? == 0 {
                        return Err(Error::Ended);
                    },
                }
            }
        }
        self.stream.flush().await?;
        self.output.clear();
        Ok(())
    }

    /// Reads the rows of one statement; they stay in the bytes they came in.
    async fn rows(&mut self) -> Result<PostgresRows, Error> {
        let mut index = Index::default();
        let mut at = 0;
        loop {
            let Some((tag, end)) = self.message(at).await? else { return Err(Error::Ended) };
            match tag {
                DATA_ROW_TAG => {
                    let body = at + HEADER;
                    if !index.add(&self.input[body..end], body) {
                        return Err(Error::Protocol("a row that is none"));
                    }
                }
                COMMAND_COMPLETE_TAG | EMPTY_QUERY_RESPONSE_TAG => return Ok(index.finish(self.input.split_to(end).freeze())),
                ERROR_RESPONSE_TAG => {
                    self.input.advance(at);
                    return Err(self.refused()?);
                }
                PARSE_COMPLETE_TAG => {
                    self.unconfirmed.pop_front();
                }
                BIND_COMPLETE_TAG | CLOSE_COMPLETE_TAG | NOTICE_RESPONSE_TAG | NOTIFICATION_RESPONSE_TAG | PARAMETER_STATUS_TAG => {}
                _ => return Err(Error::Protocol("a message instead of a row")),
            }
            at = end;
        }
    }

    /// The message that begins at a place of the input, read as far as needed: its tag, and where it ends. None at the end
    /// of the connection.
    async fn message(&mut self, at: usize) -> Result<Option<(u8, usize)>, Error> {
        loop {
            if let Some(header) = Header::parse(self.input.get(at..).unwrap_or_default())? {
                let end = at + 1 + usize::try_from(header.len()).unwrap_or(0);
                if self.input.len() >= end {
                    return Ok(Some((header.tag(), end)));
                }
            }
            self.input.reserve(READ_AT_ONCE);
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// The refusal that the input begins with.
    fn refused(&mut self) -> Result<Error, Error> {
        match Message::parse(&mut self.input)? {
            Some(Message::ErrorResponse(body)) => Ok(refusal(&body)),
            _ => Err(Error::Protocol("an error that is none")),
        }
    }

    /// After a refusal the server passes over everything up to the next `Sync`.
    async fn recover(&mut self) -> Result<(), Error> {
        for text in self.unconfirmed.drain(..) {
            self.prepared.remove(&text);
        }
        if std::mem::take(&mut self.open) {
            frontend::sync(&mut self.output);
            self.send().await?;
        }
        self.until_ready().await
    }

    async fn until_ready(&mut self) -> Result<(), Error> {
        loop {
            match self.message(0).await? {
                Some((READY_FOR_QUERY_TAG, end)) => {
                    self.input.advance(end);
                    return Ok(());
                }
                Some((ERROR_RESPONSE_TAG, _)) => return Err(self.refused()?),
                Some((_, end)) => self.input.advance(end),
                None => return Err(Error::Ended),
            }
        }
    }
}

/// Bytes of a message before its body: the tag and the length.
const HEADER: usize = 5;
