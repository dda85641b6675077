//! The server's token, as long as it may be presented.

use std::time::Duration;

use doku_sign::AccessToken;
use serde_json::Value;
use tokio::time::Instant;

use super::answer::Answer;

/// How long a token is presented whose answer does not say how long it lives.
const UNSAID: Duration = Duration::from_secs(60);

/// How long before its end a token is given up, at most.
const MARGIN: Duration = Duration::from_secs(60);

/// A token, and until when it is presented.
#[derive(Debug)]
pub(super) struct Held {
    token: AccessToken,
    until: Instant,
}

impl Held {
    /// The token of an answer, where it holds one.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let token = answer.member("accessToken").and_then(Value::as_str)?;
        if !answer.accepts() || token.is_empty() {
            return None;
        }
        let life = answer.member("expiresIn").and_then(seconds);
        let life = life.map_or(UNSAID, |life| life.saturating_sub(MARGIN.min(life / 4)));
        let now = Instant::now();
        Some(Self {
            token: AccessToken::new(token),
            // Beyond all clocks is as good as not said.
            until: now.checked_add(life).unwrap_or(now + UNSAID),
        })
    }

    /// The token, unless its time has come.
    pub(super) fn alive(&self) -> Option<&AccessToken> {
        (Instant::now() < self.until).then_some(&self.token)
    }
}

/// A number of seconds, written as a number or as a text.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    };
    seconds.map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use hyper::http::HeaderMap;
    use serde_json::json;

    use super::*;

    async fn lives(expires_in: Value) -> u64 {
        let body = json!({ "accessToken": "a", "expiresIn": expires_in });
        let answer = Answer::heard(200, &HeaderMap::new(), body.to_string().as_bytes());
        let held = Held::of(&answer).unwrap();
        let mut seconds = 0;
        while held.alive().is_some() {
            tokio::time::advance(Duration::from_secs(1)).await;
            seconds += 1;
        }
        seconds
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_given_up_before_it_ends() {
        for (expires_in, expected) in [
            (json!(900), 840),
            (json!("900"), 840),
            (json!(8), 6),
            (json!(0), 0),
            (Value::Null, 60),
            (json!("soon"), 60),
            (json!(u64::MAX), 60),
        ] {
            assert_eq!(lives(expires_in.clone()).await, expected, "{expires_in}");
        }
    }

    #[test]
    fn what_was_refused_is_no_token() {
        let refused = Answer::heard(401, &HeaderMap::new(), br#"{"accessToken":"a"}"#);
        assert!(Held::of(&refused).is_none());
    }
}
