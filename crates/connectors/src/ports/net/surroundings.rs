//! What requests meet outside of Errand: the names of hosts, the network's routes, this computer's
//! own addresses. Tests put others in their place.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket},
    time::Duration,
};

use async_trait::async_trait;

/// A look-up that takes longer has failed; systems try several name servers in a row.
const LOOK_UP: Duration = Duration::from_secs(9);

const SILENCE: Duration = Duration::from_secs(60);

/// What is outside.
#[async_trait]
pub trait Surroundings: Send + Sync {
    /// The addresses of a host.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NoAddress>;

    /// Whether there is any way out of this computer.
    fn has_route(&self) -> bool;

    /// Whether an address may be reached by what data says: it is neither this computer nor within
    /// a network of somebody's own.
    fn is_public(&self, address: IpAddr) -> bool {
        is_public(address)
    }

    /// Certificates to trust besides those that the system trusts, as PEM.
    fn roots(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    /// The proxy to use instead of the system's.
    fn proxy(&self) -> Option<String> {
        None
    }

    /// How long a server may be silent: until its answer begins, and between two pieces of it.
    fn patience(&self) -> Duration {
        SILENCE
    }
}

/// Why a host has no address to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAddress {
    /// There is no such host.
    Unknown,
    /// Nobody who could know answers.
    NoAnswer,
    /// It is on this computer or in its own network, and came from data.
    Private,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "no such host",
            Self::NoAnswer => "no name server answers",
            Self::Private => "not a public address",
        })
    }
}

impl Error for NoAddress {}

/// The computer it runs on.
pub struct ThisComputer;

#[async_trait]
impl Surroundings for ThisComputer {
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NoAddress> {
        let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host, 0)));
        let found = found.await.map_err(|_| NoAddress::NoAnswer)?;
        let found: Vec<_> = found.map_err(|error| no_address(&error))?.collect();
        match found.is_empty() {
            true => Err(NoAddress::Unknown),
            false => Ok(found.iter().map(|address| address.ip()).collect()),
        }
    }

    /// Connecting such a socket sends nothing: it only asks for the route.
    fn has_route(&self) -> bool {
        let leads = |from: IpAddr, to: IpAddr| {
            UdpSocket::bind((from, 0)).is_ok_and(|socket| socket.connect((to, 9)).is_ok())
        };
        let somewhere = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        leads(
            Ipv4Addr::UNSPECIFIED.into(),
            Ipv4Addr::new(192, 0, 2, 1).into(),
        ) || leads(Ipv6Addr::UNSPECIFIED.into(), somewhere.into())
    }

    /// Only this computer's own addresses can be bound, so one that can is no stranger's.
    fn is_public(&self, address: IpAddr) -> bool {
        is_public(address) && UdpSocket::bind((address, 0)).is_err()
    }
}

/// The system says only in words which it was.
fn no_address(error: &io::Error) -> NoAddress {
    let words = error.to_string();
    let unknown = [
        "not known",
        "No address associated",
        "does not resolve",
        "nodename nor servname",
    ];
    match unknown.iter().any(|known| words.contains(known)) {
        true => NoAddress::Unknown,
        false => NoAddress::NoAnswer,
    }
}

/// Whether an address belongs neither to a computer itself nor to a network of somebody's own.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => embedded(v6).map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Only the part of the address space that is given out is public at all.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    let is_documentation = matches!(segments, [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..]);
    (0x2000..0x4000).contains(&segments[0]) && !is_documentation
}

/// The older address inside: mapped, compatible, NAT64, 6to4 or Teredo.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match v6.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(join(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, .., high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        [0x2001, 0, .., high, low] => Some(join(!high, !low)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_computer_and_its_networks_are_not_public() {
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:192.168.1.1",
            "::ffff:0:10.0.0.1",
            "::127.0.0.1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2001:0:1::80ff:fffe",
            "2001:db8::1",
            "3fff::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_of_ones_own_is_no_strangers() {
        assert!(!ThisComputer.is_public(Ipv4Addr::LOCALHOST.into()));
        assert!(ThisComputer.is_public(Ipv4Addr::new(1, 1, 1, 1).into()));
    }

    #[test]
    fn the_systems_words_tell_a_wrong_name_from_a_silent_server() {
        let judge = |words: &str| no_address(&io::Error::other(words));
        for words in [
            "failed to lookup address information: Name or service not known",
            "failed to lookup address information: No address associated with hostname",
            "failed to lookup address information: nodename nor servname provided, or not known",
        ] {
            assert_eq!(judge(words), NoAddress::Unknown, "{words}");
        }
        let silent = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(judge(silent), NoAddress::NoAnswer);
    }
}
