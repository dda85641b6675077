-- Money is whole sen. Moments are microseconds since 1970 in UTC. `merchant` stands for a client id of DOKU's.

CREATE TABLE merchant (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE account (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id TEXT COLLATE "C" NOT NULL UNIQUE,
    merchant BIGINT NOT NULL,
    trx_id TEXT COLLATE "C" NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Whether money may still be expected: of several accounts under one number, such a one is meant first.
    payable BOOLEAN NOT NULL,
    -- Both without padding. `number` is known once DOKU has told it; `sent_number` is what was sent, of DGPC the prefix.
    number TEXT COLLATE "C",
    sent_number TEXT NOT NULL,
    reusable BOOLEAN NOT NULL,
    expires_at BIGINT,
    -- What was asked for, and what DOKU made of it, as JSON.
    asked TEXT NOT NULL,
    returned TEXT,
    -- What was credited by payments that satisfy the bill.
    credited_sen BIGINT NOT NULL,
    credited_count BIGINT NOT NULL,
    -- How many payments reconciliation has found that no notification has told yet.
    outstanding BIGINT NOT NULL,
    suspected_sen BIGINT,
    paid_at BIGINT,
    -- When to ask for its status; while a check is under way, when another may take over.
    check_at BIGINT,
    checks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- No index begins with the merchant, who is the same in nearly every row: a planner that has seen the tables empty would
-- take one for that alone.
CREATE UNIQUE INDEX account_trx_id ON account (trx_id, merchant);
CREATE INDEX account_number ON account (number, merchant, payable, id) WHERE number IS NOT NULL;
CREATE INDEX account_check ON account (merchant, check_at) WHERE check_at IS NOT NULL;

CREATE TABLE bill (
    account_id BIGINT NOT NULL REFERENCES account (id),
    version BIGINT NOT NULL,
    standing TEXT NOT NULL,
    trx_type TEXT NOT NULL,
    sen BIGINT,
    min_sen BIGINT,
    max_sen BIGINT,
    expires_at BIGINT,
    from_at BIGINT NOT NULL,
    -- Since when it is certain that another one is in force.
    until_at BIGINT,
    PRIMARY KEY (account_id, version)
);

CREATE TABLE intent (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- What is sent, as JSON: the prepared create, or the change.
    content TEXT NOT NULL,
    bill_version BIGINT,
    attempts BIGINT NOT NULL,
    -- Until then whoever sends it is given time; afterwards it is found again.
    lease_until BIGINT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    resolved_at BIGINT
);
CREATE UNIQUE INDEX intent_open ON intent (account_id) WHERE standing = 'open';
CREATE INDEX intent_due ON intent (merchant, lease_until) WHERE standing = 'open';
CREATE INDEX intent_external_id ON intent (external_id);

-- Accounts are never removed, and nothing below is checked against them: that would cost a lookup for every row.

CREATE TABLE payment (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The transaction that wrote it: nothing is shown at or past the oldest one that is open. A restored dump begins a
    -- new era, because transactions are counted anew.
    era BIGINT NOT NULL DEFAULT 1,
    xid XID8 NOT NULL DEFAULT pg_current_xact_id(),
    merchant BIGINT NOT NULL,
    account_id BIGINT,
    -- The key: the number without padding, and empty texts for what was not told.
    number TEXT COLLATE "C" NOT NULL,
    trx_id TEXT COLLATE "C" NOT NULL,
    payment_request_id TEXT COLLATE "C" NOT NULL,
    sen BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    late TEXT,
    bill_version BIGINT,
    source TEXT NOT NULL,
    paid_at BIGINT,
    recorded_at BIGINT NOT NULL,
    -- The notification, byte for byte; none of it where only check status told.
    told_at BIGINT,
    path TEXT,
    headers TEXT,
    body BYTEA
);
CREATE UNIQUE INDEX payment_key ON payment (number, trx_id, payment_request_id, sen, merchant);
CREATE INDEX payment_order ON payment (era, xid, id);
CREATE INDEX payment_account ON payment (account_id, id) WHERE account_id IS NOT NULL;

CREATE TABLE event (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    era BIGINT NOT NULL DEFAULT 1,
    xid XID8 NOT NULL DEFAULT pg_current_xact_id(),
    merchant BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id BIGINT,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX event_order ON event (era, xid, id);
CREATE INDEX event_account ON event (account_id, id) WHERE account_id IS NOT NULL;

-- Calls that DOKU signed and that were not accepted.
CREATE TABLE refused_call (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant BIGINT NOT NULL,
    account_id BIGINT,
    at BIGINT NOT NULL,
    path TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BYTEA NOT NULL,
    response_code TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- Notifications that some process handles or has handled.
CREATE TABLE claim (
    merchant BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    trx_id TEXT COLLATE "C" NOT NULL,
    payment_request_id TEXT COLLATE "C" NOT NULL,
    sen BIGINT NOT NULL,
    holder TEXT NOT NULL,
    lapses_at BIGINT NOT NULL,
    completed_at BIGINT,
    PRIMARY KEY (merchant, number, trx_id, payment_request_id, sen)
);
CREATE INDEX claim_completed ON claim (completed_at) WHERE completed_at IS NOT NULL;

CREATE TABLE idempotency (
    merchant BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    account_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, name)
);

CREATE TABLE payment_code (
    merchant BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, number)
);
