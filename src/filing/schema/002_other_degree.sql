-- SPDX-License-Identifier: Apache-2.0
-- After a relation was not confirmed: what the mart had on record instead.  One look for each such decision.

CREATE TABLE other_degree (
    decision  INTEGER PRIMARY KEY REFERENCES decision (id),
    filing    INTEGER NOT NULL REFERENCES filing (id),
    applicant TEXT NOT NULL,
    looked_at INTEGER NOT NULL,
    degree    TEXT,                                -- NULL: nothing is on record
    side      TEXT,
    as_of     TEXT NOT NULL                        -- the day of the mart's extract
) STRICT;
CREATE INDEX other_degree_by_filing ON other_degree (filing);
CREATE INDEX other_degree_by_applicant ON other_degree (applicant, looked_at);
