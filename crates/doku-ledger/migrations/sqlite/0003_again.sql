-- What is told again is not new, and what is looked for often is found by an index.

-- SHA-256 of the signature, which no two calls share: a call that is refused again is not kept again. None of those kept before.
ALTER TABLE refused_call ADD COLUMN digest BLOB;
CREATE UNIQUE INDEX refused_call_digest ON refused_call (digest, merchant);
