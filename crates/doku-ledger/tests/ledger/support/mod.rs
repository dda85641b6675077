//! A ledger on either database, the endpoints before it, and DOKU on both sides of it.

mod database;
mod doku;
mod meanwhile;
mod world;

pub(crate) use database::{Site, Stranger};
pub(crate) use doku::Mishap;
pub(crate) use meanwhile::Meanwhile;
pub(crate) use world::{NOW, Pay, World};

/// The same behaviour on both databases.
macro_rules! both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($world:ident) $body:block)*) => {
        $(mod $name {
            #[allow(unused_imports, reason = "some behaviours need nothing of their module")]
            use super::*;

            async fn behaviour($world: World) $body

            #[tokio::test]
            async fn on_sqlite() {
                behaviour(World::on(Site::sqlite()).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(site) = Site::postgres().await {
                    behaviour(World::on(site).await).await;
                }
            }
        })*
    };
}

pub(crate) use both;
