// SPDX-License-Identifier: Apache-2.0
// tirkeu eds verify: verdicts and exit statuses, over the kept inputs of the fuzzers (all of one authority of our own).
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { run, scratch } from './tool.mjs';

const kept = join(dirname(fileURLToPath(import.meta.url)), '../../fuzz/corpus');
const AT = ['--at', '2027-01-15T13:00:00+05:00'];
// The folder of anchors, and verification against it.
function setUp(t) {
    const anchors = join(scratch(t), 'anchors');
    mkdirSync(anchors);
    copyFileSync(join(kept, 'eds_certificate/nca'), join(anchors, 'nca.der'));
    const verify = (...words) => {
        const { status, stdout, stderr } = run(['eds', 'verify', '--anchors', anchors, ...words]);
        return { status, stderr, verdict: stdout ? JSON.parse(stdout) : null };
    };
    return { folder: dirname(anchors), anchors, verify };
}
const cms = join(kept, 'eds_cms/stamped');
const answer = (name) => join(kept, 'eds_answer', name);

test('valid, not valid, not known', (t) => {
    const { verify } = setUp(t);
    for (const [words, status, valid, reason] of [
        [[], 3, null, 'revocation_no_answer'],
        [['--ocsp', answer('good')], 0, true, null],
        [['--ocsp', answer('revoked')], 1, false, 'revocation_revoked'],
        [['--crl', answer('list')], 0, true, null],
        [['--crl', answer('delta')], 3, null, 'revocation_no_answer'],
        [['--ocsp', answer('good'), '--content', cms], 1, false, 'content_differs'],
    ]) {
        const got = verify(...AT, ...words, cms);
        assert.deepEqual([got.status, got.verdict.valid, got.verdict.reason, got.stderr], [status, valid, reason, '']);
    }
});

test('what the verdict tells', (t) => {
    const { verify } = setUp(t);
    const { verdict } = verify(...AT, '--ocsp', answer('good'), '--form', 'cms', cms);
    const [signer] = verdict.signers;
    assert.deepEqual([signer.iin, signer.bin, signer.algorithm], ['123456789011', null, 'GOST 34.10-2015-512']);
    assert.deepEqual(signer.key_usage, ['digitalSignature', 'nonRepudiation']);
    assert.equal(signer.signing_time, '2027-01-15T08:00:00.000Z');
    assert.equal(signer.timestamp, '2027-01-15T08:00:00.000Z');
    assert.equal(signer.timestamp_trusted, true);
    assert.ok(verdict.steps.every((step) => step.result === 'passed' && step.reason === 'ok'));
    assert.deepEqual([...new Set(verdict.steps.map((step) => step.step))], ['form', 'signers', 'algorithm', 'attributes', 'content',
        'signature', 'timestamp', 'chain', 'profile', 'purpose', 'identity', 'revocation']);
});

test('forms are told apart', (t) => {
    const { verify, folder, anchors } = setUp(t);
    const text = join(folder, 'signed.pem');
    const base64 = readFileSync(cms).toString('base64').replace(/.{64}/g, '$&\r\n');
    writeFileSync(text, `-----BEGIN CMS-----\r\n${base64}\r\n-----END CMS-----\r\n`);
    for (const [file, form] of [[text, 'cms'], [join(kept, 'eds_xml/enveloped'), 'xml'], [join(kept, 'eds_xml/wss'), 'wss'],
        [join(kept, 'eds_certificate/person'), 'certificate']]) {
        const got = verify(...AT, '--ocsp', answer('good'), file);
        assert.deepEqual([got.status, got.verdict.form], [0, form]);
    }
    assert.equal(verify(...AT, join(anchors, 'nca.der')).status, 0); // the anchor itself
    writeFileSync(text, 'nothing of the kind');
    assert.equal(verify(...AT, text).status, 1);
});

test('wrong usage', (t) => {
    const { verify, folder } = setUp(t);
    const absent = join(folder, 'absent');
    for (const words of [[], ['--at', 'noon', cms], ['--form', 'pdf', cms], [absent], ['--crl', absent, cms]]) {
        const { status, stderr, verdict } = verify(...words);
        assert.deepEqual([status, verdict], [2, null]);
        assert.notEqual(stderr, '');
    }
    assert.equal(run(['eds', 'verify', '--anchors', absent, cms]).status, 2);
    assert.match(run(['eds', 'verify', '--help']).stdout, /^usage: tirkeu eds verify/);
});
