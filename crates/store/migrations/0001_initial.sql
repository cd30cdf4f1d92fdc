-- Errand's own database. Times are whole milliseconds since 1970 (UTC), identities sixteen bytes,
-- JSON is text. Rules carry names because a broken one is shown by its name.

CREATE TABLE engine_lease (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  epoch      INTEGER NOT NULL,
  install    BLOB    NOT NULL CHECK (length(install) = 16),
  pid        INTEGER NOT NULL,
  started    INTEGER NOT NULL,
  clean_exit INTEGER NOT NULL CHECK (clean_exit IN (0, 1))
) STRICT;

CREATE TABLE workflows (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name     TEXT    NOT NULL,
  enabled  INTEGER NOT NULL DEFAULT 0 CHECK (enabled IN (0, 1)),
  listed   INTEGER NOT NULL CHECK (listed IN (0, 1)),
  version  INTEGER,
  draft    TEXT    NOT NULL,
  draft_at INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  deleted  INTEGER,
  FOREIGN KEY (id, version) REFERENCES versions (workflow, version),
  CONSTRAINT "an enabled workflow has a published version" CHECK (enabled = 0 OR version IS NOT NULL),
  CONSTRAINT "a deleted workflow is not enabled" CHECK (enabled = 0 OR deleted IS NULL)
) STRICT;
CREATE INDEX workflows_shown ON workflows (created) WHERE listed = 1 AND deleted IS NULL;

CREATE TABLE versions (
  workflow  BLOB    NOT NULL REFERENCES workflows (id),
  version   INTEGER NOT NULL CHECK (version > 0),
  document  TEXT    NOT NULL CHECK (json_valid(document)),
  published INTEGER NOT NULL,
  PRIMARY KEY (workflow, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE triggers (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  workflow BLOB    NOT NULL REFERENCES workflows (id),
  "on"     TEXT    NOT NULL,
  config   TEXT    NOT NULL,
  baseline INTEGER NOT NULL DEFAULT 0 CHECK (baseline IN (0, 1)),
  enabled  INTEGER NOT NULL DEFAULT 0 CHECK (enabled IN (0, 1)),
  problem  TEXT,
  checked  INTEGER,
  found    INTEGER,
  UNIQUE (workflow, "on")
) STRICT;
CREATE INDEX triggers_enabled ON triggers (enabled) WHERE enabled = 1;

CREATE TABLE watch_entries (
  trigger     BLOB    NOT NULL REFERENCES triggers (id),
  rel         BLOB    NOT NULL,
  file_id     TEXT    NOT NULL,
  size        INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('baseline', 'settling', 'emitted', 'gone')),
  since       INTEGER NOT NULL,
  PRIMARY KEY (trigger, rel)
) STRICT, WITHOUT ROWID;

-- `seq` is never used again after pruning, so an old reference can't meet a new event.
CREATE TABLE events (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
  trigger    BLOB    REFERENCES triggers (id),
  workflow   BLOB    NOT NULL REFERENCES workflows (id),
  source_key BLOB    NOT NULL CHECK (length(source_key) = 16),
  state      TEXT    NOT NULL CHECK (state IN ('pending', 'held', 'dispatched', 'skipped', 'poison')),
  reason     TEXT,
  occurred   INTEGER,
  received   INTEGER NOT NULL,
  depth      INTEGER NOT NULL,
  payload    TEXT    NOT NULL
) STRICT;
CREATE INDEX events_pending ON events (state) WHERE state = 'pending';
CREATE INDEX events_attention ON events (state) WHERE state IN ('held', 'poison');

-- What was already seen. `scope` is the trigger, or the workflow where no trigger took part.
CREATE TABLE dedupe (
  scope     BLOB    NOT NULL CHECK (length(scope) = 16),
  key       BLOB    NOT NULL CHECK (length(key) = 16),
  event_seq INTEGER NOT NULL,
  seen      INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  rid        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
  event_seq  INTEGER NOT NULL REFERENCES events (seq),
  generation INTEGER NOT NULL,
  workflow   BLOB    NOT NULL,
  version    INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'attention', 'done')),
  outcome    TEXT    CHECK (outcome IN ('ok', 'ok_with_skips', 'filtered', 'failed', 'cancelled')),
  reason     TEXT,
  wake_at    INTEGER,
  recoveries INTEGER NOT NULL,
  created    INTEGER NOT NULL,
  started    INTEGER,
  ended      INTEGER,
  UNIQUE (event_seq, generation),
  FOREIGN KEY (workflow, version) REFERENCES versions (workflow, version),
  CONSTRAINT "a run is done exactly when it has an outcome" CHECK ((state = 'done') = (outcome IS NOT NULL)),
  CONSTRAINT "a run is done exactly when it has an end" CHECK ((state = 'done') = (ended IS NOT NULL)),
  CONSTRAINT "a waiting run has a time to go on" CHECK (state <> 'waiting' OR wake_at IS NOT NULL),
  CONSTRAINT "a run that is done does not go on" CHECK (state <> 'done' OR wake_at IS NULL)
) STRICT;
CREATE INDEX runs_live ON runs (workflow) WHERE state <> 'done';
CREATE INDEX runs_due ON runs (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX runs_attention ON runs (created) WHERE state = 'attention';
CREATE INDEX runs_newest ON runs (created);
CREATE INDEX runs_newest_of_workflow ON runs (workflow, created);

CREATE TABLE steps (
  rid             INTEGER NOT NULL REFERENCES runs (rid) ON DELETE CASCADE,
  path            TEXT    NOT NULL,
  ord             INTEGER NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('ready', 'started', 'sending', 'verifying',
                    'retry_wait', 'unknown', 'succeeded', 'failed', 'skipped', 'cancelled')),
  effect          TEXT    NOT NULL CHECK (effect IN ('pure', 'read', 'idempotent', 'keyed', 'verifiable', 'unsafe')),
  attempt         INTEGER NOT NULL,
  input           TEXT,
  plan            TEXT,
  output          TEXT,
  error           TEXT,
  idempotency_key TEXT,
  wake_at         INTEGER,
  started         INTEGER,
  ended           INTEGER,
  resolved        TEXT    CHECK (resolved IN ('done', 'again', 'skip')),
  PRIMARY KEY (rid, path),
  CONSTRAINT "a step has an end exactly when it has ended" CHECK
    ((state IN ('succeeded', 'failed', 'skipped', 'cancelled')) = (ended IS NOT NULL)),
  CONSTRAINT "a step that waits to be tried again has a time" CHECK (state <> 'retry_wait' OR wake_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  rid     INTEGER NOT NULL REFERENCES runs (rid) ON DELETE CASCADE,
  path    TEXT    NOT NULL,
  number  INTEGER NOT NULL CHECK (number > 0),
  epoch   INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended   INTEGER,
  result  TEXT,
  error   TEXT,
  PRIMARY KEY (rid, path, number),
  CONSTRAINT "an attempt has a result exactly when it has ended" CHECK ((ended IS NULL) = (result IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE own_writes (
  path        BLOB    NOT NULL PRIMARY KEY,
  size        INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  workflow    BLOB    NOT NULL CHECK (length(workflow) = 16),
  run         BLOB    NOT NULL CHECK (length(run) = 16),
  depth       INTEGER NOT NULL,
  at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE undo (
  id   INTEGER PRIMARY KEY,
  rid  INTEGER NOT NULL REFERENCES runs (rid) ON DELETE CASCADE,
  path TEXT    NOT NULL,
  note TEXT    NOT NULL,
  UNIQUE (rid, path)
) STRICT;

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  epoch   INTEGER NOT NULL,
  kind    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;
