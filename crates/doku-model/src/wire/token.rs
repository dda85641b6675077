//! B2B token: `POST /authorization/v1/access-token/b2b`, and the same in the other direction.

use serde::{Deserialize, Serialize};

use super::lenient::Seconds;
use super::text::Text;

/// The body of a token request. It is not part of the signature.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct TokenRequest<'a> {
    /// `client_credentials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<Text<'a>>,
}

impl TokenRequest<'static> {
    /// The one request there is.
    #[must_use]
    pub fn client_credentials() -> Self {
        Self {
            grant_type: Some("client_credentials".into()),
        }
    }
}

/// The answer to a token request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct TokenResponse<'a> {
    /// The token, a secret. An RS256 JWT in samples; opaque to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Text<'a>>,
    /// The life that is left, in seconds; 900 when the token is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<Seconds>,
    /// `2007300`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<Text<'a>>,
    /// `Successful`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_message: Option<Text<'a>>,
    /// `Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<Text<'a>>,
}
