-- Events on their way to those who are told of them. What has arrived is deleted: the event stays.

-- Up to where a recipient's deliveries are written down.
CREATE TABLE recipient (
    merchant INTEGER NOT NULL,
    name TEXT NOT NULL,
    era BIGINT NOT NULL,
    xid TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    PRIMARY KEY (merchant, name)
) WITHOUT ROWID;

CREATE TABLE delivery (
    -- Never given again: whoever comes back late with the id of a delivery must not touch another one.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    merchant INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    -- The account whose events come one after the other; none for events that wait for nobody.
    lane BIGINT,
    standing TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When to try; while it is tried, when another may take over.
    due_at BIGINT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL,
    -- Since when it is tried: its creation, or when it was last asked for again.
    since_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX delivery_due ON delivery (merchant, recipient, due_at) WHERE standing = 'waiting';
CREATE INDEX delivery_lane ON delivery (merchant, recipient, lane, id) WHERE standing = 'waiting';
CREATE INDEX delivery_dead ON delivery (merchant, id) WHERE standing = 'dead';
