//! The database itself: versions of its tables, rows it refuses, and days on which it is not well.

use doku_ledger::{Error, Fault, Kept, Ledger, NoLedger, Schema, SchemaError};

use crate::support::{Pay, Site, World, both};

both! {
    async fn the_tables_have_a_version_that_can_be_asked_for(world) {
        let location = world.site.location();
        assert_eq!(Ledger::inspect(&location).await.unwrap(), Schema::Current { version: 3 });
        world.ledger.ping().await.unwrap();
    }

    async fn newer_tables_are_not_touched(world) {
        world.site.stranger().await.run("INSERT INTO schema_version VALUES (99, 'x')").await;
        let newer = SchemaError::Newer { found: 99, known: 3 };
        let opened = Ledger::open(world.settings()).await.unwrap_err();
        assert!(matches!(&opened, Error::Schema(error) if *error == newer), "{opened}");
        let inspected = Ledger::inspect(&world.site.location()).await.unwrap_err();
        assert!(matches!(inspected, Error::Schema(error) if error == newer));
    }

    async fn tables_of_another_text_are_not_touched(world) {
        world.site.stranger().await.run("UPDATE schema_version SET checksum = 'x'").await;
        let opened = Ledger::open(world.settings()).await.unwrap_err();
        assert!(matches!(opened, Error::Schema(SchemaError::Altered { version: 1 })), "{opened}");
    }

    async fn a_row_that_fails_does_not_fail_its_neighbours(world) {
        let account = world.reusable("TOPUP-1").await;
        let mut stranger = world.site.stranger().await;
        if world.site.is_postgres() {
            stranger
                .run(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     IF NEW.payment_request_id = 'BAD' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$; \
                     CREATE TRIGGER refuse BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION refuse()",
                )
                .await;
        } else {
            stranger
                .run(
                    "CREATE TRIGGER refuse BEFORE INSERT ON payment WHEN NEW.payment_request_id = 'BAD' \
                     BEGIN SELECT RAISE(ABORT, 'refused'); END",
                )
                .await;
        }
        let ids = ["P-1", "P-2", "BAD", "P-3", "P-4", "P-5"];
        let pays = ids.map(|id| Pay::of(&account, id, "10000.00"));
        let told = futures_util::future::join_all(pays.iter().map(|pay| world.notify(pay))).await;
        for (id, code) in ids.iter().zip(&told) {
            let expected = if *id == "BAD" { "5002500" } else { "2002500" };
            assert_eq!(code, expected, "{id}");
        }
        assert_eq!(world.known("TOPUP-1").await.payments, 5);
        // The cause is gone, and DOKU sends it again.
        let drop = if world.site.is_postgres() { " ON payment" } else { "" };
        stranger.run(&format!("DROP TRIGGER refuse{drop}")).await;
        world.acknowledges(&pays[2]).await;
        assert_eq!(world.known("TOPUP-1").await.payments, 6);
    }

    async fn a_restored_ledger_gives_no_id_a_second_time(world) {
        let account = world.reusable("TOPUP-1").await;
        world.acknowledges(&Pay::of(&account, "P-1", "10000.00")).await;
        let before = world.payments().await;
        let mark = world.ledger.restored().await.unwrap();
        assert_eq!(mark, 1_000_000_000);
        world.acknowledges(&Pay::of(&account, "P-2", "10000.00")).await;
        let payments = world.payments().await;
        let ids: Vec<String> = payments.iter().map(|payment| payment.id.to_string()).collect();
        assert_eq!(ids, ["pay_1".to_owned(), "pay_1000000001".to_owned()]);
        // Nothing of it is a payment or an event, and a cursor of before goes on.
        let after = world.ledger.payments_after(before[0].cursor, 10).await.unwrap().items;
        assert_eq!(after.len(), 1);
        assert!(world.events().await.last().unwrap().id.to_string().starts_with("evt_10000000"));
        assert_eq!(world.ledger.restored().await.unwrap(), 2_000_000_000);
        world.acknowledges(&Pay::of(&account, "P-3", "10000.00")).await;
        let last = world.payments().await.pop().unwrap();
        assert_eq!(last.id.to_string(), "pay_2000000001");
    }

    async fn a_ledger_that_is_closed_takes_nothing_and_loses_nothing(world) {
        let account = world.reusable("TOPUP-1").await;
        let pays: Vec<Pay> = (0..20)
            .map(|place| Pay::of(&account, &format!("P-{place}"), "10000.00"))
            .collect();
        let telling = futures_util::future::join_all(pays.iter().map(|pay| world.notify(pay)));
        let (told, ()) = tokio::join!(telling, async {
            tokio::task::yield_now().await;
            world.ledger.close().await;
        });
        let acknowledged = told.iter().filter(|code| *code == "2002500").count();
        assert!(told.iter().all(|code| code == "2002500" || code == "5002500"), "{told:?}");
        assert_eq!(world.notify(&pays[0]).await, "5002500");
        let reopened = Ledger::open(world.settings()).await.unwrap();
        let after = reopened.account(&account.trx_id).await.unwrap().unwrap();
        assert_eq!(after.payments, acknowledged as u64);
    }
}

#[tokio::test]
async fn looking_makes_no_file() {
    let site = Site::sqlite();
    assert_eq!(
        Ledger::inspect(&site.location()).await.unwrap(),
        Schema::Empty
    );
    let doku_ledger::Location::Sqlite(file) = site.location() else {
        panic!("a file");
    };
    assert!(!file.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::on(Site::sqlite()).await;
    world.account("INV-1", "1.00").await;
    let doku_ledger::Location::Sqlite(file) = world.site.location() else {
        panic!("a file");
    };
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let rights = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600, "{:?}", entry.path());
    }
}

#[tokio::test]
async fn replicas_may_start_together_on_an_empty_database() {
    // Of SQLite several, because who comes in whose way is a matter of luck.
    let mut sites: Vec<Site> = (0..20).map(|_| Site::sqlite()).collect();
    sites.extend(Site::postgres().await);
    for site in sites {
        let open = || Ledger::open(site.settings());
        let (a, b, c) = tokio::join!(open(), open(), open());
        for opened in [a, b, c] {
            opened.unwrap().ping().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_as_such() {
    let site = Site::sqlite();
    let doku_ledger::Location::Sqlite(file) = site.location() else {
        panic!("a file");
    };
    std::fs::write(
        &file,
        "this is a letter, and longer than the head of a database. ".repeat(40),
    )
    .unwrap();
    for error in [
        Ledger::open(site.settings()).await.unwrap_err(),
        Ledger::look(site.settings()).await.unwrap_err(),
    ] {
        let Error::NoLedger(NoLedger::NotSqlite(named)) = &error else {
            panic!("{error}");
        };
        assert_eq!(*named, file);
        assert_eq!(error.kept(), Kept::No);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_as_such() {
    let settings = doku_ledger::Settings::new(
        "/no/such/folder/ledger.sqlite".parse().unwrap(),
        "BRN-1".parse().unwrap(),
    );
    let inspected = Ledger::inspect(&"/no/such/folder/ledger.sqlite".parse().unwrap())
        .await
        .unwrap_err();
    let error = Ledger::open(settings).await.unwrap_err();
    for error in [inspected, error] {
        assert!(
            matches!(&error, Error::NoLedger(NoLedger::NoFolder(_))),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let location = doku_ledger::Location::Sqlite(folder.path().to_owned());
    let error = Ledger::inspect(&location).await.unwrap_err();
    assert!(
        matches!(&error, Error::NoLedger(NoLedger::Folder(_))),
        "{error}"
    );
}

#[tokio::test]
async fn whoever_looks_makes_no_file_and_changes_nothing() {
    let site = Site::sqlite();
    let error = Ledger::look(site.settings()).await.unwrap_err();
    assert!(
        matches!(&error, Error::NoLedger(NoLedger::NoFile(_))),
        "{error}"
    );
    for site in [Some(site), Site::postgres().await].into_iter().flatten() {
        let world = World::on(site).await;
        world.account("INV-1", "1.00").await;
        let looking = Ledger::look(world.settings()).await.unwrap();
        let known = looking.account(&"INV-1".parse().unwrap()).await.unwrap();
        assert_eq!(known.unwrap().trx_id.as_str(), "INV-1");
        // A client id that was never here is given no number.
        let stranger = doku_ledger::Settings::new(world.site.location(), "BRN-9".parse().unwrap());
        let nothing = Ledger::look(stranger).await.unwrap();
        let all = doku_ledger::account::AccountFilter::all();
        let page = nothing.accounts(all, doku_ledger::Cursor::START, 10).await;
        assert_eq!(page.unwrap().items.len(), 0);
        let mut beside = world.site.stranger().await;
        assert_eq!(beside.number("SELECT count(*) FROM merchant").await, 1);
        looking.close().await;
        nothing.close().await;
    }
}

#[tokio::test]
async fn a_server_that_ends_connections_or_takes_no_writes_is_survived() {
    let Some(site) = Site::postgres_database().await else {
        return;
    };
    let world = World::on(site).await;
    let account = world.reusable("TOPUP-1").await;
    world
        .acknowledges(&Pay::of(&account, "P-1", "10000.00"))
        .await;
    let mut elsewhere = world.site.elsewhere().await;
    let name = world.site.database_name();
    let end_all =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

    // A restart: whoever holds a connection finds it dead, and nobody has to help.
    elsewhere.run(&end_all).await;
    world
        .acknowledges(&Pay::of(&account, "P-2", "10000.00"))
        .await;
    assert_eq!(world.known("TOPUP-1").await.payments, 2);

    // No writes: DOKU is told to come again.
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    elsewhere.run(&read_only).await;
    elsewhere.run(&end_all).await;
    let third = Pay::of(&account, "P-3", "10000.00");
    assert_eq!(world.notify(&third).await, "5002500");
    let order = World::order("INV-1", "1.00");
    let error = world
        .ledger
        .create(&world.client, &order, None)
        .await
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::ReadOnly), "{error}");
    assert_eq!(
        world.doku.accounts("INV-1"),
        0,
        "nothing is sent that is not recorded"
    );

    // And well again.
    let writable = format!("ALTER DATABASE {name} RESET default_transaction_read_only");
    elsewhere.run(&writable).await;
    elsewhere.run(&end_all).await;
    world.acknowledges(&third).await;
    assert_eq!(world.known("TOPUP-1").await.payments, 3);
}

/// A file system of so many bytes, taken away at the end. Only root may make one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "a small file system cannot be mounted here, and CI skips nothing"
            );
            eprintln!("skipped: a small file system cannot be mounted here");
        }
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("--lazy")
            .arg(self.0.path())
            .status();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_is_survived() {
    let Some(disk) = SmallDisk::new() else { return };
    let file = disk.0.path().join("ledger.sqlite");
    let world = World::on(Site::File(file)).await;
    let account = world.reusable("TOPUP-1").await;
    world
        .acknowledges(&Pay::of(&account, "P-0", "10000.00"))
        .await;
    let ballast = disk.0.path().join("ballast");
    // Whatever is left, to the last block.
    let mut size = 4 << 20;
    while size >= 4096 {
        use std::io::Write as _;
        let mut ballast = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&ballast)
            .unwrap();
        if ballast.write_all(&vec![0; size]).is_err() {
            size /= 2;
        }
    }
    let mut acknowledged = 1;
    let mut refused = 0;
    for place in 1..100 {
        let pay = Pay::of(&account, &format!("P-{place}"), "10000.00");
        match world.notify(&pay).await.as_str() {
            "2002500" => acknowledged += 1,
            "5002500" => refused += 1,
            other => panic!("{other}"),
        }
    }
    assert!(refused > 0, "the disk was not full");
    let order = World::order("INV-1", "1.00");
    let error = world
        .ledger
        .create(&world.client, &order, None)
        .await
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::Full), "{error}");
    assert_eq!(world.doku.accounts("INV-1"), 0);

    // Somebody makes room, and that is all it takes.
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(world.known("TOPUP-1").await.payments, acknowledged);
    for place in 0..100 {
        let pay = Pay::of(&account, &format!("P-{place}"), "10000.00");
        world.acknowledges(&pay).await;
    }
    assert_eq!(world.known("TOPUP-1").await.payments, 100);
    world.ledger.close().await;
}
