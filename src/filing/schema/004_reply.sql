-- SPDX-License-Identifier: Apache-2.0
-- What a request with an idempotency key was answered: kept for a day.  Digests only: who reads the table finds out neither
-- a key nor what was sent with it (a one-time code).

CREATE TABLE reply (
    key     TEXT PRIMARY KEY,                      -- SHA-256 over the person, the role and the key
    request TEXT NOT NULL,                         -- SHA-256 over the key and the request
    filing  INTEGER NOT NULL,                      -- 0: none
    kept_at INTEGER NOT NULL,
    status  INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body    TEXT NOT NULL
) STRICT;
CREATE INDEX reply_by_age ON reply (kept_at);
