-- SPDX-License-Identifier: Apache-2.0
-- Electronic signatures: what was asked to be signed, what came back, what was fetched to verify it, the evidence.

-- How a thing was signed: code (one-time code by SMS) or eds (electronic signature).
ALTER TABLE filing ADD COLUMN signed_level TEXT CHECK (signed_level IN ('code', 'eds'));
ALTER TABLE consent ADD COLUMN level TEXT CHECK (level IN ('code', 'eds'));
ALTER TABLE document ADD COLUMN level TEXT CHECK (level IN ('eds'));
UPDATE filing SET signed_level = 'code' WHERE signed_digest IS NOT NULL;
UPDATE consent SET level = 'code' WHERE given = 1;

CREATE TABLE signature (
    id          INTEGER PRIMARY KEY,
    filing      INTEGER REFERENCES filing (id),     -- NULL: sign-in, policy
    version     INTEGER NOT NULL,                   -- of the case when it was asked: another one, and this is signed no more
    purpose     TEXT NOT NULL CHECK (purpose IN ('sign_in', 'application', 'consent', 'documents', 'policy')),
    person      TEXT,                               -- whose signature counts; sign_in: whoever signed, once it is good
    bin         TEXT,                               -- the company that the person signs for
    role        TEXT NOT NULL,                      -- as which the person acts, or wants to sign in
    subject     TEXT NOT NULL,                      -- policy: digest of the file; else empty
    content     BLOB NOT NULL,                      -- the bytes to be signed
    digest      TEXT NOT NULL UNIQUE,               -- SHA-256 of them
    ocsp_nonce  BLOB NOT NULL,
    ticket      TEXT UNIQUE,                        -- SHA-256 of what opens the request without a session
    state       TEXT NOT NULL CHECK (state IN ('open', 'checking', 'good', 'refused', 'expired', 'withdrawn')),
    asked_at    INTEGER NOT NULL,
    until_at    INTEGER NOT NULL,
    spent       INTEGER NOT NULL DEFAULT 0,         -- sign_in: the session has been opened
    cms         BLOB,
    received_at INTEGER,
    step        TEXT,                               -- where and why it was refused, or what it waits for
    reason      TEXT,
    record      TEXT                                -- the evidence record; its digest is in the audit
) STRICT;
CREATE INDEX signature_by_filing ON signature (filing, id) WHERE filing IS NOT NULL;
CREATE INDEX signature_by_subject ON signature (subject) WHERE subject <> '';
CREATE INDEX signature_open ON signature (until_at) WHERE state = 'open';

-- What the courier fetches for a signature: revocation answers, lists, timestamps.
CREATE TABLE signature_fetch (
    id          INTEGER PRIMARY KEY,
    signature   INTEGER NOT NULL REFERENCES signature (id),
    kind        TEXT NOT NULL,                      -- ocsp crl timestamp
    about       TEXT NOT NULL,                      -- SHA-256 of the certificate
    url         TEXT NOT NULL,
    request     BLOB NOT NULL,                      -- body to post; empty: GET
    state       TEXT NOT NULL CHECK (state IN ('open', 'silent', 'answered', 'withdrawn')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    asked_at    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0,
    fence       INTEGER NOT NULL DEFAULT 0,
    answer      BLOB,
    trouble     TEXT,
    UNIQUE (signature, kind, about, url)
) STRICT;
CREATE INDEX signature_fetch_due ON signature_fetch (due_at) WHERE state IN ('open', 'silent');

-- Lists of revoked certificates are large and the same for everybody.
CREATE TABLE revocation_list (
    url        TEXT PRIMARY KEY,
    fetched_at INTEGER NOT NULL,
    list       BLOB NOT NULL
) STRICT;
