//! Where the port is tried: a clock that stands still, names and routes of the test's own making,
//! and short ways to send.

use std::{
    collections::HashMap,
    io::Read,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use errand_connectors::ports::{
    Clock, Net as _,
    net::{
        Answer, Body, HostGrants, NoAddress, RealNet, Request, Stream, Surroundings, ThisComputer,
        Wire,
    },
    secrets::Account,
};
use errand_model::{Effect, StepError, Timestamp};
use jiff::SignedDuration;

/// A clock that only moves when told.
pub(crate) struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// What names lead to, one answer after the other; the last one stays.
pub(crate) type Names = HashMap<String, Vec<Result<Vec<IpAddr>, NoAddress>>>;

/// Surroundings of the test's own making.
#[derive(Default)]
pub(crate) struct Around {
    pub(crate) names: Mutex<Names>,
    pub(crate) looked_up: Mutex<Vec<String>>,
    pub(crate) is_cut_off: AtomicBool,
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) proxy: Option<String>,
    pub(crate) patience: Option<Duration>,
}

/// This address of the computer passes for one out on the internet.
pub(crate) const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[async_trait]
impl Surroundings for Around {
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NoAddress> {
        self.looked_up.lock().unwrap().push(host.to_owned());
        let mut names = self.names.lock().unwrap();
        let answers = names.get_mut(host).ok_or(NoAddress::Unknown)?;
        match answers.len() {
            1 => answers[0].clone(),
            _ => answers.remove(0),
        }
    }

    fn has_route(&self) -> bool {
        !self.is_cut_off.load(Ordering::Relaxed)
    }

    fn is_public(&self, address: IpAddr) -> bool {
        address == PUBLIC || ThisComputer.is_public(address)
    }

    fn roots(&self) -> Vec<Vec<u8>> {
        self.roots.clone()
    }

    fn proxy(&self) -> Option<String> {
        self.proxy.clone()
    }

    fn patience(&self) -> Duration {
        self.patience.unwrap_or(ThisComputer.patience())
    }
}

/// The port with everything around it.
pub(crate) struct Place {
    pub(crate) around: Arc<Around>,
    pub(crate) wire: Arc<Wire>,
    clock: Arc<Standing>,
    grants: HostGrants,
}

impl Place {
    /// These servers are granted.
    pub(crate) fn granting(origins: &[&str]) -> Self {
        Self::within(Around::default(), origins)
    }

    pub(crate) fn within(around: Around, origins: &[&str]) -> Self {
        let clock = Arc::new(Standing(Mutex::new(
            "2026-11-25T12:00:00Z".parse().unwrap(),
        )));
        let around = Arc::new(around);
        let mut grants = HostGrants::none();
        origins.iter().for_each(|origin| grants.add(origin));
        Self {
            wire: Wire::within(
                Arc::<Standing>::clone(&clock),
                Arc::<Around>::clone(&around),
            ),
            around,
            clock,
            grants,
        }
    }

    /// From now on that name leads there.
    pub(crate) fn name(&self, host: &str, answers: &[Result<Vec<IpAddr>, NoAddress>]) {
        let mut names = self.around.names.lock().unwrap();
        names.insert(host.to_owned(), answers.to_vec());
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn pass(&self, by: SignedDuration) {
        *self.clock.0.lock().unwrap() += by;
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer, StepError> {
        self.send_as(request, None).await
    }

    pub(crate) async fn send_as(
        &self,
        request: Request,
        using: Option<&Account>,
    ) -> Result<Answer, StepError> {
        let net = RealNet::new(Arc::clone(&self.wire), self.grants.clone());
        net.send(request, using).await
    }

    /// The failure of a question to that address.
    pub(crate) async fn failure(&self, url: &str) -> StepError {
        self.refused(get(url)).await
    }

    pub(crate) async fn refused(&self, request: Request) -> StepError {
        match self.send(request).await {
            Err(error) => error,
            Ok(answer) => panic!("answered {} from {}", answer.status, answer.url),
        }
    }

    /// Status and text of the answer to a question.
    pub(crate) async fn ask(&self, url: &str) -> (u16, String) {
        self.tell(get(url)).await
    }

    pub(crate) async fn tell(&self, request: Request) -> (u16, String) {
        let mut answer = self.send(request).await.unwrap();
        let bytes = answer.bytes(1_000_000).await.unwrap();
        (answer.status, String::from_utf8(bytes).unwrap())
    }
}

/// A question.
pub(crate) fn get(url: &str) -> Request {
    Request {
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: Body::Empty,
        effect: Effect::Read,
        timeout: Duration::from_secs(300),
        host_from_data: false,
    }
}

/// A question whose address comes from data.
pub(crate) fn from_data(url: &str) -> Request {
    Request {
        host_from_data: true,
        ..get(url)
    }
}

/// A request that must not be made twice.
pub(crate) fn post(url: &str, text: &str) -> Request {
    Request {
        method: "POST".into(),
        effect: Effect::Unsafe,
        body: Body::Bytes {
            content_type: "text/plain".into(),
            bytes: text.into(),
        },
        ..get(url)
    }
}

/// What is read while it is sent.
pub(crate) fn stream(size: u64, read: impl Read + Send + 'static) -> Stream {
    Stream {
        content_type: "application/x-test".into(),
        size,
        read: Box::new(read),
    }
}
