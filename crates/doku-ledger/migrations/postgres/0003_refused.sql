-- SHA-256 of the signature, which two calls never share: what is refused again is not kept again. None of those kept before.
ALTER TABLE refused_call ADD COLUMN digest BYTEA;
CREATE UNIQUE INDEX refused_call_digest ON refused_call (digest, merchant);
