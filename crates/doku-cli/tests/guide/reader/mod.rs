//! Somebody who reads a page and does what it says: types its commands, in its order and in one folder, with whatever it
//! starts beside them.

mod curl;
mod front;
mod shop;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::command::commands;
use crate::page::Page;
use curl::Curl;
use front::Front;
use shop::Shop;

/// Where pages have the reader's own server listen.
const OWN_SERVER: [&str; 2] = ["127.0.0.1:8080", "127.0.0.1:8082"];
/// Where `doku serve` listens for the application.
const OWN_API: &str = "127.0.0.1:8081";

/// A page that is being read.
pub(crate) struct Reader {
    folder: TempDir,
    curl: Curl,
    /// Whom DOKU calls: started by the page itself, or stood in for.
    page_serves: bool,
    inside: String,
    outside: String,
    doku: Option<Front>,
    server: Option<Front>,
    /// Stopped with the reader.
    shop: Option<Shop>,
}

impl Reader {
    pub(crate) fn of(page: &Page) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["programs", "work", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let curl = Curl::install(&folder.path().join("programs"));
        let page_serves = page
            .blocks_in("sh")
            .iter()
            .any(|(_, code)| commands(code).iter().any(|command| command == "doku serve"));
        Self {
            curl,
            page_serves,
            // Free a moment ago, which is as good as it gets: DOKU must know the address before the server can have it.
            inside: free(),
            outside: free(),
            doku: None,
            server: None,
            shop: None,
            folder,
        }
    }

    /// Does what a block says and gives what it prints. Where its last command stays in front, that is left running.
    pub(crate) fn run(&mut self, at: &str, code: &str) -> String {
        let code = self.here(code);
        let all = commands(&code);
        let last = all.last().unwrap();
        if !front::stays(last) {
            return self.typed(at, &code);
        }
        if last.starts_with("doku sandbox") {
            // The one before must be gone: it may have the same folder.
            self.doku = None;
            self.open_shop(&code);
        }
        let front = Front::start(at, &code, self.shell());
        if last.starts_with("doku sandbox") {
            if let Some(shop) = &self.shop {
                shop.serve(&front);
            }
            self.doku = Some(front);
        } else if last.starts_with("doku serve") {
            self.server = Some(front);
        }
        String::new()
    }

    /// A request that somebody kept, right and fresh, under this name.
    pub(crate) fn keep_a_request(&self, at: &str, name: &str) {
        let headers = self.typed(at, "doku sign token --timestamp now");
        let base_url = self.doku.as_ref().unwrap().told("baseUrl");
        let host = base_url.trim_start_matches("http://");
        let request = format!(
            "POST /authorization/v1/access-token/b2b HTTP/1.1\nHost: {host}\n{}\n\n{{\"grantType\":\"client_credentials\"}}\n",
            headers.trim_end()
        );
        fs::write(self.work().join(name), request).unwrap();
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// With the addresses that are free here in place of those of the page.
    fn here(&self, code: &str) -> String {
        let mut code = code.replace(OWN_API, &self.inside);
        for address in OWN_SERVER {
            code = code.replace(address, &self.outside);
        }
        code
    }

    /// Where a page leaves it to the reader to have a server, one is there before DOKU calls it.
    fn open_shop(&mut self, code: &str) {
        if !self.page_serves && self.shop.is_none() && code.contains(&self.outside) {
            self.shop = Some(Shop::at(&self.outside));
        }
    }

    /// What is printed by commands that end.
    fn typed(&self, at: &str, code: &str) -> String {
        let output = self.shell().args(["-eu", "-c", code]).output().unwrap();
        assert!(output.status.success(), "{at}: {output:?}");
        self.curl.all_went_well(at);
        String::from_utf8(output.stdout).unwrap()
    }

    /// A terminal in the folder of the page, into which the lines of the local DOKU were pasted.
    fn shell(&self) -> Command {
        let folder = self.folder.path();
        let binary = Path::new(env!("CARGO_BIN_EXE_doku")).parent().unwrap();
        let path = format!(
            "{}:{}:{}",
            folder.join("programs").display(),
            binary.display(),
            std::env::var("PATH").unwrap()
        );
        let mut shell = Command::new("/bin/sh");
        shell
            .env_clear()
            .env("PATH", path)
            .env("TMPDIR", folder.join("tmp"))
            .env("DOKU_SERVER_LISTEN", &self.outside)
            .env("DOKU_SERVER_API_LISTEN", &self.inside)
            .current_dir(self.work());
        if let Some(doku) = &self.doku {
            shell.envs(doku.environment());
        }
        shell
    }
}

fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
