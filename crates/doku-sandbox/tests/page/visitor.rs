//! A person with a browser, as far as HTTP goes: follows redirects and says where its forms come from.

use crate::support::{Call, Reply, World};

/// The host that the helpers send, and the one that the sandbox is configured for.
pub(crate) const ORIGIN: &str = "http://sandbox.test";

impl World {
    /// Looks at a page in English.
    pub(crate) async fn page(&self, target: &str) -> String {
        let reply = self.page_in(target, "en").await;
        assert_eq!(reply.status, 200, "{target}: {}", reply.text());
        reply.text()
    }

    pub(crate) async fn page_in(&self, target: &str, language: &str) -> Reply {
        let call = get(target).set("Accept-Language", language);
        self.send(&call).await.unwrap()
    }

    /// Sends a form from a page of the sandbox's own.
    pub(crate) async fn form(&self, target: &str, fields: &[(&str, &str)]) -> Reply {
        let call = form(target, fields).set("Origin", ORIGIN);
        self.send(&call).await.unwrap()
    }

    /// Sends a form, and looks where it leads.
    pub(crate) async fn follow(&self, target: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.form(target, fields).await;
        assert_eq!(reply.status, 303, "{target}: {}", reply.text());
        let location = reply.header("location").unwrap().to_owned();
        let path = location.split('#').next().unwrap();
        self.page(path).await
    }
}

pub(crate) fn get(target: &str) -> Call {
    Call {
        method: "GET",
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

pub(crate) fn form(target: &str, fields: &[(&str, &str)]) -> Call {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Call {
        method: "POST",
        target: target.to_owned(),
        headers: vec![(
            "Content-Type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: body.finish().into_bytes(),
    }
}
