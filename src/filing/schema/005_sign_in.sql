-- SPDX-License-Identifier: Apache-2.0
-- Requests to sign in are made by nobody yet: so many from one address, and so many altogether, in ten minutes.

-- SHA-256 of the address that asked; taken away again as soon as it does not count any more.
ALTER TABLE signature ADD COLUMN origin TEXT;
-- Those that count; one that was signed well does not.
CREATE INDEX signature_at_door ON signature (asked_at) WHERE purpose = 'sign_in' AND state <> 'good';
CREATE INDEX signature_by_origin ON signature (origin, asked_at) WHERE origin IS NOT NULL;
