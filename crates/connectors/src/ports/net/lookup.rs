//! Looks hosts up for the client. For hosts that come from data only public addresses are found, and
//! the connection goes to the very addresses that were checked.

use std::{net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{NoAddress, Surroundings};

/// Asks the surroundings.
#[derive(Clone)]
pub(super) struct Lookup {
    pub(super) surroundings: Arc<dyn Surroundings>,
    pub(super) public_only: bool,
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.clone();
        Box::pin(async move {
            let found = lookup.surroundings.addresses(name.as_str()).await?;
            let is_public = |it: &std::net::IpAddr| lookup.surroundings.is_public(*it);
            if lookup.public_only && !found.iter().all(is_public) {
                return Err(NoAddress::Private.into());
            }
            // The client puts the port in.
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}
