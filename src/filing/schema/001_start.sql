-- SPDX-License-Identifier: Apache-2.0
-- The tables of the case, SQLite.  Identification numbers are text of 12 digits, days YYYY-MM-DD,
-- moments (…_at, …_until of questions, codes and sessions) milliseconds since 1970 UTC.

CREATE TABLE filing (
    id               INTEGER PRIMARY KEY,
    version          INTEGER NOT NULL DEFAULT 1,
    state            TEXT NOT NULL,
    service          TEXT NOT NULL,
    channel          TEXT NOT NULL,
    legal_day        TEXT NOT NULL,
    opened_at        INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    opened_by        TEXT NOT NULL,
    applicant        TEXT NOT NULL,
    rka              TEXT NOT NULL,
    months           INTEGER NOT NULL,
    entered_owner    TEXT,
    degree           TEXT,
    side             TEXT,
    ordinary         INTEGER NOT NULL DEFAULT 0,
    decision         INTEGER,                 -- the decision that the present state rests on
    signed_digest    TEXT,                    -- SHA-256 of what the applicant signed
    refusal          TEXT,
    registered_since TEXT,
    registered_until TEXT
) STRICT;
CREATE INDEX filing_by_applicant ON filing (applicant);
CREATE INDEX filing_by_channel ON filing (channel, changed_at);
-- The one place where two cases meet: registrations at one dwelling go one after the other.
CREATE INDEX filing_registering ON filing (rka) WHERE state = 'registering';

CREATE TABLE filing_event (
    id      INTEGER PRIMARY KEY,
    filing  INTEGER NOT NULL REFERENCES filing (id),
    at      INTEGER NOT NULL,
    event   TEXT NOT NULL,
    state   TEXT NOT NULL,
    role    TEXT NOT NULL
) STRICT;
CREATE INDEX filing_event_by_filing ON filing_event (filing);

-- The outbox: what the courier asks and sends, and the answers.
CREATE TABLE question (
    id           INTEGER PRIMARY KEY,
    filing       INTEGER REFERENCES filing (id),   -- NULL: a look-up, or a message outside a case
    owner        TEXT,                             -- of a look-up: the person who asked
    purpose      TEXT NOT NULL CHECK (purpose IN ('decide', 'people', 'recheck', 'register', 'message', 'code', 'lookup', 'prefill')),
    ask          TEXT NOT NULL,
    question     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'silent', 'answered', 'withdrawn')),
    again        INTEGER NOT NULL DEFAULT 0,       -- 1: asks once more what has an answer already; the case does not wait for it
    superseded   INTEGER NOT NULL DEFAULT 0,       -- 1: an answer that no longer counts
    attempts     INTEGER NOT NULL DEFAULT 0,
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    fence        INTEGER NOT NULL DEFAULT 0,
    answer       TEXT,
    answered_at  INTEGER,
    as_of        TEXT,
    trouble      TEXT
) STRICT;
CREATE INDEX question_due ON question (due_at) WHERE state IN ('open', 'silent');
CREATE INDEX question_by_filing ON question (filing, id) WHERE filing IS NOT NULL;
CREATE INDEX question_by_owner ON question (owner, asked_at) WHERE owner IS NOT NULL;

CREATE TABLE decision (
    id         INTEGER PRIMARY KEY,
    filing     INTEGER NOT NULL REFERENCES filing (id),
    decided_at INTEGER NOT NULL,
    degree     TEXT,                               -- of the relation tried
    side       TEXT,
    outcome    TEXT NOT NULL,
    paragraph  TEXT,
    decision   TEXT NOT NULL,                      -- the whole decision, JSON
    policy     TEXT NOT NULL,                      -- version of the policy
    readings   TEXT NOT NULL,                      -- settings that mattered, JSON
    answers    TEXT NOT NULL,                      -- ids of the questions whose answers were the facts, JSON
    facts      TEXT NOT NULL                       -- SHA-256 over those answers
) STRICT;
CREATE INDEX decision_by_filing ON decision (filing);

CREATE TABLE consent (
    filing     INTEGER NOT NULL REFERENCES filing (id),
    person     TEXT NOT NULL,                      -- who consents
    company    TEXT NOT NULL,                      -- for which company as its head; empty: for himself
    asked_at   INTEGER NOT NULL,
    until_at   INTEGER NOT NULL,
    given      INTEGER CHECK (given IN (0, 1)),
    given_at   INTEGER,
    PRIMARY KEY (filing, person)
) STRICT;
CREATE INDEX consent_by_person ON consent (person);
CREATE INDEX consent_open ON consent (until_at) WHERE given IS NULL;

CREATE TABLE coupon (
    filing            INTEGER PRIMARY KEY REFERENCES filing (id),
    reason            TEXT NOT NULL,
    education         TEXT NOT NULL,
    marital           TEXT NOT NULL,
    occupation        TEXT NOT NULL,
    arrives_with      TEXT NOT NULL,
    children_under_14 INTEGER NOT NULL,
    previous_place    TEXT NOT NULL,
    arrived           TEXT NOT NULL
) STRICT;

CREATE TABLE document (
    filing            INTEGER PRIMARY KEY REFERENCES filing (id),
    representative    TEXT NOT NULL,
    basis             TEXT NOT NULL,
    document          TEXT NOT NULL,
    identity_checked  INTEGER NOT NULL,
    authority_checked INTEGER NOT NULL,
    consent_given     INTEGER NOT NULL,
    presence          INTEGER NOT NULL,
    in_order          INTEGER NOT NULL,
    checked_by        TEXT NOT NULL,
    checked_at        INTEGER NOT NULL
) STRICT;

-- One-time codes: never the code itself.
CREATE TABLE code (
    id         INTEGER PRIMARY KEY,
    filing     INTEGER NOT NULL REFERENCES filing (id),
    person     TEXT NOT NULL,
    purpose    TEXT NOT NULL CHECK (purpose IN ('sign', 'consent')),
    salt       BLOB NOT NULL,
    digest     BLOB NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    sent_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent      INTEGER NOT NULL DEFAULT 0          -- used, voided by wrong attempts, or replaced by a newer one
) STRICT;
CREATE INDEX code_by_filing ON code (filing, person);

CREATE TABLE account (
    person TEXT NOT NULL,
    role   TEXT NOT NULL,
    PRIMARY KEY (person, role)
) STRICT;

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    digest     TEXT NOT NULL UNIQUE,               -- SHA-256 of the token
    person     TEXT NOT NULL,
    role       TEXT NOT NULL,
    channel    TEXT NOT NULL,
    language   TEXT NOT NULL,
    csrf       TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    closed     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_by_person ON session (person);

-- Append-only: a chain of digests, and triggers against change.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    person   TEXT NOT NULL,
    role     TEXT NOT NULL,
    action   TEXT NOT NULL,
    filing   INTEGER NOT NULL,                     -- 0: none
    purpose  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest   TEXT NOT NULL                         -- SHA-256 over `previous` and the entry
) STRICT;
CREATE INDEX audit_by_filing ON audit (filing);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;
