//! `doku keygen`: the merchant's key pair.

use doku::{Backend, MerchantPrivateKey};

use crate::args::KeygenArguments;
use crate::exit::{Exit, Failure};
use crate::file::{self, NewFile, shown};
use crate::output::{Card, Output, json};

pub(crate) fn run(arguments: &KeygenArguments, output: &Output) -> Result<Exit, Failure> {
    let folder = &arguments.out;
    file::private_folder(folder).map_err(|error| {
        Failure::usage(format!("{} cannot be made", shown(folder)))
            .because(&error)
            .next("Choose a folder that can be, with --out.")
    })?;
    let private_path = folder.join("private.pem");
    let public_path = folder.join("public.pem");
    // Both are taken before a key is made, so that no key of anybody is lost halfway.
    let private = NewFile::create(&private_path)?;
    let public = match NewFile::create(&public_path) {
        Ok(public) => public,
        Err(failure) => {
            private.discard();
            return Err(failure);
        }
    };
    let made = MerchantPrivateKey::generate_on(Backend::AwsLcRs, usize::from(arguments.bits))
        .and_then(|key| {
            let pems = (key.to_pkcs8_pem()?, key.public_key().to_pem()?);
            Ok((key, pems))
        });
    let (key, (private_pem, public_pem)) = match made {
        Ok(made) => made,
        Err(error) => {
            private.discard();
            public.discard();
            return Err(Failure::internal("no key could be made").because(&error));
        }
    };
    private.write(&private_pem)?;
    public.write(&public_pem)?;
    let card = Card::new(format!("Made an RSA key pair of {} bits.", key.bits()))
        .fact(
            "private key",
            &format!("{} (keep it secret)", shown(&private_path)),
        )
        .fact("public key", &shown(&public_path))
        .fact("fingerprint", &key.fingerprint())
        .fact(
            "next",
            "upload the public key in DOKU's back office, Settings > API Keys, and set",
        )
        .fact(
            "",
            &format!("DOKU_PRIVATE_KEY_FILE={}", shown(&private_path)),
        );
    let shape = json::Keys {
        operation: "keygen",
        private_key_file: shown(&private_path),
        public_key_file: shown(&public_path),
        bits: key.bits(),
        fingerprint: key.fingerprint().to_string(),
    };
    output.result(&card, &shape)?;
    Ok(Exit::Done)
}
