// SPDX-License-Identifier: Apache-2.0
// An external verifier decides about signatures: server, courier and stand as processes, the stand answers as an NCANode does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../api/client.mjs';
import { House, coupon } from './house.mjs';
import { run, until } from './tool.mjs';

async function setUp(t) {
    const house = new House(t, { authority: true });
    await house.startStand();
    house.makeTrust(`verifier_url = ${house.gateway}/ncanode`);
    await house.startCourier();
    await house.startServer();
    house.verifier = (mode, ms = 0) => house.tell('stand/authority/faults', { service: 'verifier', mode, ms });
    return house;
}

// A case whose application is signed and put; what becomes of it is in the hands of the courier.
async function signed(house, who) {
    const client = await new Client(house.url).signedIn(who);
    const { body: { number } } = await client.call('POST', '/applications', { rka: client.person.rka, service: 'residence' });
    const path = `/applications/${number}`;
    await client.settled(path, 'coupon');
    await client.expect(200, 'PUT', `${path}/coupon`, coupon);
    const asked = await client.post(`${path}/signatures`, { purpose: 'application' }, 201);
    const { cms } = await house.tell('signer/cms', { iin: client.person.iin, data: asked.content, encapsulate: false });
    const taken = await client.expect(200, 'PUT', `/signatures/${asked.id}`, { signature: cms });
    const about = { path, client, asked, signature: () => client.get(`/signatures/${asked.id}`), state: async () => (await client.get(path)).state };
    return { ...about, taken, tried: (how) => house.courier.text.split('\n').filter((line) => line.includes(` signature=${asked.id} fetch=verdict `) && line.includes(how)).length };
}

test('what the verifier finds good is good, and nobody else is asked', { timeout: 60000 }, async (t) => {
    const house = await setUp(t);
    const { path, client, asked, taken, signature, tried } = await signed(house, 'within_norm');
    assert.ok(taken.state === 'checking' || taken.state === 'good', taken.state);
    await until(async () => (await signature()).state === 'good');
    await client.settled(path, 'consent');
    assert.equal((await client.get(path)).signed_by, 'eds');
    assert.equal(tried('status=answered'), 1);
    assert.doesNotMatch(house.courier.text, new RegExp(` signature=${asked.id} fetch=(ocsp|crl|timestamp) `));
    const record = JSON.parse(run(['audit', 'record', '--database', house.database, String(asked.id)]).stdout);
    assert.equal(JSON.parse(Buffer.from(record.external, 'base64')).valid, true);
    const audit = run(['audit', 'verify', '--database', house.database, '--trust', house.trust]);
    assert.match(audit.stdout, /evidence of signatures is whole: 1 records, each verified again/, audit.stderr);
});

test('a verifier that is silent, or makes no sense, holds the case and refuses nobody', { timeout: 120000 }, async (t) => {
    const house = await setUp(t);
    await house.verifier('silent', 100);
    const { path, client, signature, state, tried } = await signed(house, 'within_norm');
    const held = async (reason) => {
        const { state: now, reason: why } = await signature();
        assert.deepEqual([now, why, await state()], ['checking', reason, 'signing']);
    };
    await until(() => tried('status=silent') === 1);
    await held('verifier_no_answer');
    await house.verifier('garbage');
    await until(() => tried('status=answered') === 1);
    await until(async () => (await signature()).reason === 'verifier_other');
    await held('verifier_other');
    await house.verifier('ok');
    await until(async () => (await signature()).state === 'good', 60000);
    await client.settled(path, 'consent');
    assert.equal(tried('status=answered'), 2);
});

test('whom the verifier calls revoked is refused, with the reason', { timeout: 60000 }, async (t) => {
    const house = await setUp(t);
    const { iin } = (await new Client(house.url).signedIn('within_norm')).person;
    await house.tell('stand/authority/revoke', { iin });
    const { signature, state } = await signed(house, 'within_norm');
    await until(async () => (await signature()).state !== 'checking');
    const { state: now, step, reason, reason_text, remedy } = await signature();
    assert.deepEqual([now, step, reason], ['refused', 'revocation', 'revocation_revoked']);
    assert.ok(reason_text.length > 10 && remedy.length > 10);
    assert.equal(await state(), 'signing');      // the case stays, and can be signed in another way
});
