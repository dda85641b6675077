//! One browser with a profile of its own, for any page: seen at any size, asked what it shows, says and sends.

use std::io::{BufRead as _, BufReader, Lines};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

/// How long a page may take to come to what is expected of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to look.
const PAUSE: Duration = Duration::from_millis(50);

/// A headless browser that makes no calls of its own.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
];

/// What a page is seen on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Screen {
    /// The narrowest that still counts.
    Narrow,
    Phone,
    Desktop,
}

impl Screen {
    const fn metrics(self) -> (u32, u32, f32, bool) {
        match self {
            Self::Narrow => (320, 568, 2.0, true),
            Self::Phone => (390, 844, 1.5, true),
            Self::Desktop => (1280, 800, 1.0, false),
        }
    }
}

/// A browser that runs until it is dropped.
pub(crate) struct Browser {
    // In the order in which they must end.
    driver: WebDriver,
    _chromedriver: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    /// A browser, or nothing where none is installed; that is told, and no excuse in CI.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
    pub(crate) async fn open() -> Option<Self> {
        let (Some(chromium), Some(chromedriver)) = (program("chromium"), program("chromedriver"))
        else {
            let how = "apt-get install --no-install-recommends chromium chromium-driver";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "Chromium or its driver is missing: {how}"
            );
            eprintln!("skipped: Chromium or its driver is not installed ({how})");
            return None;
        };
        let profile = TempDir::new().unwrap();
        let chromedriver = Chromedriver::start(&chromedriver, profile.path());
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(chromium.to_str().unwrap()).unwrap();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        let data = profile.path().join("profile");
        let flag = format!("--user-data-dir={}", data.display());
        wanted.add_arg(&flag).unwrap();
        // Somebody in Indonesia.
        let preferences = json!({ "intl.accept_languages": "id,en" });
        wanted
            .add_experimental_option("prefs", preferences)
            .unwrap();
        for log in ["browser", "performance"] {
            wanted
                .set_logging_prefs(log, LoggingPrefsLogLevel::All)
                .unwrap();
        }
        let driver = WebDriver::new(chromedriver.url.clone(), wanted)
            .await
            .unwrap();
        let browser = Self {
            driver,
            _chromedriver: chromedriver,
            _profile: profile,
        };
        browser.on(Screen::Desktop).await;
        Some(browser)
    }

    /// Seen on another screen from now on.
    pub(crate) async fn on(&self, screen: Screen) {
        let (width, height, scale, mobile) = screen.metrics();
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Whether the person prefers dark pages.
    pub(crate) async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.cdp(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Whether pages may run scripts, from the next page on.
    pub(crate) async fn scripts(&self, allowed: bool) {
        let value = json!({ "value": !allowed });
        self.cdp("Emulation.setScriptExecutionDisabled", value)
            .await;
    }

    /// Lets pages of this origin use the clipboard without asking.
    pub(crate) async fn allow_clipboard(&self, url: &str) {
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let permissions = json!({
            "origin": origin,
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        });
        self.cdp("Browser.grantPermissions", permissions).await;
        self.cdp(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        )
        .await;
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// The path of the address that is open.
    pub(crate) async fn path(&self) -> String {
        let path = self.run("return location.pathname").await;
        path.as_str().unwrap().to_owned()
    }

    /// What the first element that fits shows, once there is one.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.element(css).await.text().await.unwrap()
    }

    /// What every element that fits shows now.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.driver.find_all(By::Css(css)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// The first element that fits, once there is one.
    pub(crate) async fn element(&self, css: &str) -> WebElement {
        let query = self.driver.query(By::Css(css)).wait(PATIENCE, PAUSE);
        query.first().await.unwrap()
    }

    /// How many elements fit now.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.unwrap().len()
    }

    pub(crate) async fn click(&self, css: &str) {
        self.element(css).await.click().await.unwrap();
    }

    /// Presses a key wherever the focus is.
    pub(crate) async fn press(&self, key: Key) {
        let keys = self.driver.action_chain().send_keys(key);
        keys.perform().await.unwrap();
    }

    /// Types wherever the focus is.
    pub(crate) async fn type_in(&self, text: &str) {
        let keys = self.driver.action_chain().send_keys(text);
        keys.perform().await.unwrap();
    }

    /// Shift and Tab: to where the focus was before.
    pub(crate) async fn back_by_key(&self) {
        let keys = self.driver.action_chain().key_down(Key::Shift);
        let keys = keys.send_keys(Key::Tab).key_up(Key::Shift);
        keys.perform().await.unwrap();
    }

    /// What a script returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let returned = self.driver.execute(script, Vec::new()).await.unwrap();
        returned.json().clone()
    }

    /// What a promise comes to.
    pub(crate) async fn promised(&self, promise: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; ({promise}).then(done, (error) => done('failed: ' + error));"
        );
        let returned = self.driver.execute_async(script, Vec::new()).await;
        returned.unwrap().json().clone()
    }

    /// Waits in the page until an expression is true, and in the next one where the page is left meanwhile.
    pub(crate) async fn until(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0];
             const end = Date.now() + 5000;
             const look = () => {{
                 let so = false;
                 try {{ so = Boolean({expression}); }} catch {{ /* not yet */ }}
                 if (so || Date.now() > end) {{ done(so); }} else {{ setTimeout(look, 20); }}
             }};
             look();"
        );
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = self.driver.execute_async(script.clone(), Vec::new()).await;
            match seen {
                Ok(returned) if returned.json() == &json!(true) => return,
                seen => assert!(Instant::now() < end, "{expression} is not so: {seen:?}"),
            }
        }
    }

    /// What the console has said since it was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.driver.get_log("browser").await.unwrap();
        entries.into_iter().map(|entry| entry.message).collect()
    }

    /// The addresses that were asked for since this was last asked, those of the page itself among them.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let entries = self.driver.get_log("performance").await.unwrap();
        let messages = entries
            .iter()
            .map(|entry| serde_json::from_str::<Value>(&entry.message).unwrap());
        messages
            .map(|entry| entry["message"].clone())
            .filter(|message| message["method"] == "Network.requestWillBeSent")
            .map(|message| {
                let url = &message["params"]["request"]["url"];
                url.as_str().unwrap().to_owned()
            })
            .collect()
    }

    /// What a screen reader is told: roles and names, in their order.
    pub(crate) async fn spoken(&self) -> Vec<(String, String)> {
        let tree = self.cdp("Accessibility.getFullAXTree", json!({})).await;
        let nodes = tree["nodes"].as_array().unwrap();
        let text = |node: &Value, of: &str| {
            let value = node[of]["value"].as_str().unwrap_or_default();
            value.to_owned()
        };
        nodes
            .iter()
            .filter(|node| node["ignored"] != true)
            .map(|node| (text(node, "role"), text(node, "name")))
            .collect()
    }

    /// Writes a picture of the whole page into `docs/images`, where pictures are asked for.
    pub(crate) async fn picture(&self, name: &str) {
        self.picture_of("html", name).await;
    }

    /// The same of the first element that fits.
    pub(crate) async fn picture_of(&self, css: &str, name: &str) {
        if std::env::var("DOKU_SCREENSHOTS").as_deref() != Ok("1") {
            return;
        }
        let mut format = json!({ "format": "png", "captureBeyondViewport": true });
        if css != "html" {
            let script = format!(
                "const {{ x, y, width, height }} = document.querySelector({}).getBoundingClientRect();
                 return {{ x: x + scrollX, y: y + scrollY, width, height, scale: 1 }};",
                json!(css)
            );
            format["clip"] = self.run(&script).await;
        }
        let picture = self.cdp("Page.captureScreenshot", format).await;
        let bytes = STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
    }

    async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The library would end the session on the way, and wait for an answer; what ends the driver ends the browser with it.
        let _left = self.driver.clone().leak();
    }
}

/// A program on PATH.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The driver of the browser, on a port of its own choice.
struct Chromedriver {
    child: Child,
    // It ends where nobody takes what it says.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Chromedriver {
    /// Starts it with a home that it may fill with what it likes.
    fn start(program: &Path, home: &Path) -> Self {
        let mut child = Command::new(program)
            .arg("--port=0")
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home)
            .env("XDG_CACHE_HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = output
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("started successfully on port ")?;
                rest.trim_end_matches('.').parse::<u16>().ok()
            })
            .expect("chromedriver says its port");
        Self {
            child,
            _output: output,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // With everything that it has started: the browser is in its group.
        let kill = format!("kill -s KILL -- -{}", self.child.id());
        let _ended = Command::new("sh").args(["-c", &kill]).status();
        let _waited = self.child.wait();
    }
}
