-- Connections, cursors of schedules and polls, addresses of webhooks, the relay.

-- How the master key is kept, and a text sealed with it, by which the right key is known.
CREATE TABLE vault (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  kept    TEXT    NOT NULL CHECK (kept IN ('keyring', 'file')),
  probe   BLOB    NOT NULL,
  created INTEGER NOT NULL
) STRICT;

-- `sealed` holds a connection's secrets as AEAD ciphertext; it is emptied when one is removed.
CREATE TABLE connections (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT    NOT NULL,
  connector  TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  fields     TEXT    NOT NULL CHECK (json_valid(fields)),
  sealed     BLOB    NOT NULL,
  generation INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('untested', 'works', 'broken')),
  problem    TEXT,
  checked    INTEGER,
  created    INTEGER NOT NULL,
  removed    INTEGER,
  CONSTRAINT "a removed connection has no secrets" CHECK (removed IS NULL OR length(sealed) = 0)
) STRICT;
CREATE UNIQUE INDEX connections_by_name ON connections (name) WHERE removed IS NULL;

-- How far a schedule or a poll has come; belongs to the trigger, whatever version is published.
CREATE TABLE cursors (
  trigger BLOB    NOT NULL PRIMARY KEY REFERENCES triggers (id),
  cursor  TEXT    NOT NULL CHECK (json_valid(cursor)),
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The address of a webhook: lasting, unguessable.
CREATE TABLE hooks (
  trigger    BLOB    NOT NULL PRIMARY KEY REFERENCES triggers (id),
  token      TEXT    NOT NULL UNIQUE CHECK (length(token) = 32),
  created    INTEGER NOT NULL,
  refused    INTEGER NOT NULL DEFAULT 0,
  refusal    TEXT,
  refused_at INTEGER
) STRICT, WITHOUT ROWID;

-- Where messages for this computer wait while it sleeps. `sealed` holds its private keys.
CREATE TABLE relay (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  address TEXT    NOT NULL,
  channel TEXT    NOT NULL,
  token   TEXT    NOT NULL,
  sealed  BLOB    NOT NULL,
  after   INTEGER NOT NULL
) STRICT;

-- What happened while the person was away is looked up by its kind.
CREATE INDEX audit_by_kind ON audit (kind);
