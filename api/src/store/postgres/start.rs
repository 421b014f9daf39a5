//! From an address to a connection that is ready for statements.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;
use sqlx::postgres::PgSslMode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::Error;
use super::target::{Place, Target};
use super::tls;

/// Bytes in both directions, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// Connects and signs in; what the server sent beyond that is left in the buffer.
///
/// # Errors
/// If the server is not there, does not prove itself as `sslmode` asks, or refuses.
pub(super) async fn start(target: &Target) -> Result<(Box<dyn Stream>, BytesMut), Error> {
    let mut greeting = Greeting { stream: reach(target).await?, input: BytesMut::with_capacity(16 * 1024), output: BytesMut::new() };
    let mut parameters = vec![("client_encoding", "UTF8"), ("user", target.user.as_str())];
    parameters.extend(target.database.as_deref().map(|database| ("database", database)));
    parameters.extend(target.settings.iter().map(|(name, value)| (*name, value.as_str())));
    frontend::startup_message(parameters, &mut greeting.output)?;
    greeting.send().await?;
    greeting.sign_in(target).await?;
    loop {
        match greeting.next().await? {
            Message::ReadyForQuery(_) => return Ok((greeting.stream, greeting.input)),
            Message::ParameterStatus(_) | Message::BackendKeyData(_) | Message::NoticeResponse(_) => {}
            _ => return Err(Error::Protocol("a message before it was ready")),
        }
    }
}

/// What the server says of an error.
pub(super) fn refusal(body: &ErrorResponseBody) -> Error {
    let (mut code, mut message) = (String::new(), String::new());
    let mut fields = body.fields();
    while let Ok(Some(field)) = fields.next() {
        let value = || String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'C' => code = value(),
            b'M' => message = value(),
            _ => {}
        }
    }
    Error::Refused { code, message }
}

async fn reach(target: &Target) -> Result<Box<dyn Stream>, Error> {
    let (host, port) = match &target.place {
        Place::Socket(path) => return Ok(Box::new(UnixStream::connect(path).await?)),
        Place::Host(host, port) => (host, *port),
    };
    let mut stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    if matches!(target.tls, PgSslMode::Disable | PgSslMode::Allow) {
        return Ok(Box::new(stream));
    }
    let mut request = BytesMut::new();
    frontend::ssl_request(&mut request);
    stream.write_all(&request).await?;
    // One byte and not more: what follows is already encrypted.
    match stream.read_u8().await? {
        b'S' => Ok(Box::new(tls::wrap(stream, host, target).await?)),
        b'N' if tls::is_optional(target.tls) => Ok(Box::new(stream)),
        _ => Err(Error::Tls("the server offers none, and sslmode asks for it".to_owned())),
    }
}

/// A connection on which the password is still to be shown.
struct Greeting {
    stream: Box<dyn Stream>,
    input: BytesMut,
    output: BytesMut,
}

impl Greeting {
    async fn sign_in(&mut self, target: &Target) -> Result<(), Error> {
        let password = target.password.as_deref().unwrap_or_default().as_bytes();
        loop {
            match self.next().await? {
                Message::AuthenticationOk => return Ok(()),
                Message::AuthenticationCleartextPassword => frontend::password_message(password, &mut self.output)?,
                Message::AuthenticationMd5Password(body) => {
                    let digest = md5_hash(target.user.as_bytes(), password, body.salt());
                    frontend::password_message(digest.as_bytes(), &mut self.output)?;
                }
                Message::AuthenticationSasl(body) => {
                    let mut mechanisms = body.mechanisms();
                    let mut known = false;
                    while let Some(mechanism) = mechanisms.next()? {
                        known |= mechanism == SCRAM_SHA_256;
                    }
                    if !known {
                        return Err(Error::Authentication("an unknown mechanism of SASL"));
                    }
                    self.scram(password).await?;
                    continue;
                }
                Message::AuthenticationGss | Message::AuthenticationSspi | Message::AuthenticationKerberosV5 => {
                    return Err(Error::Authentication("Kerberos"));
                }
                _ => return Err(Error::Protocol("a message instead of a question for the password")),
            }
            self.send().await?;
        }
    }

    /// SCRAM-SHA-256 (RFC 7677), which also proves to us that the server knows the password's digest.
    async fn scram(&mut self, password: &[u8]) -> Result<(), Error> {
        let mut scram = ScramSha256::new(password, ChannelBinding::unsupported());
        frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), &mut self.output)?;
        self.send().await?;
        let Message::AuthenticationSaslContinue(body) = self.next().await? else {
            return Err(Error::Protocol("a message instead of the second of SCRAM"));
        };
        scram.update(body.data())?;
        frontend::sasl_response(scram.message(), &mut self.output)?;
        self.send().await?;
        let Message::AuthenticationSaslFinal(body) = self.next().await? else {
            return Err(Error::Protocol("a message instead of the last of SCRAM"));
        };
        Ok(scram.finish(body.data())?)
    }

    async fn send(&mut self) -> Result<(), Error> {
        self.stream.write_all(&self.output).await?;
        self.stream.flush().await?;
        self.output.clear();
        Ok(())
    }

    async fn next(&mut self) -> Result<Message, Error> {
        loop {
            match Message::parse(&mut self.input)? {
                Some(Message::ErrorResponse(body)) => return Err(refusal(&body)),
                Some(message) => return Ok(message),
                None => {
                    if self.stream.read_buf(&mut self.input).await? == 0 {
                        return Err(Error::Ended);
                    }
                }
            }
        }
    }
}
