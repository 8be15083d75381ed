// SPDX-License-Identifier: Apache-2.0
// kill -9 of the courier while its questions are under way, and of the server between the steps, loses and repeats nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../api/client.mjs';
import { House, coupon } from './house.mjs';
import { run, until } from './tool.mjs';

test('a case survives kill -9 of courier and server at every turn', { timeout: 180000 }, async (t) => {
    const house = new House(t);
    await house.startStand();
    await house.startCourier();
    await house.startServer();

    // Questions are under way when the courier dies; its leases run out and another one asks again.
    await house.fault('all', 'slow', 2500);
    let client = await new Client(house.url).signedIn('within_norm');
    const { token, person } = client;
    const { body: { number } } = await client.call('POST', '/applications', { rka: person.rka, service: 'residence' });
    const path = `/applications/${number}`;
    await new Promise((done) => setTimeout(done, 500));
    await house.kill('courier');
    await house.kill('server');
    await house.fault('all', 'ok', 0);
    await house.startServer();
    client = new Client(house.url, { token });
    assert.equal((await client.get(path)).state, 'asking');
    await house.startCourier();
    await client.settled(path, 'coupon', 60000);

    // The server dies between two steps.
    await client.expect(200, 'PUT', `${path}/coupon`, coupon);
    await house.kill('server');
    await house.startServer();
    client = new Client(house.url, { token });
    assert.deepEqual((await client.get(path)).coupon, coupon);
    await client.post(`${path}/signature`, { code: await house.codeFor(client, path) });

    // The courier dies while the registration is being recorded: the register has it once, and the case hears of it.
    const owner = await new Client(house.url).signedIn('within_norm_owner');
    const code = await house.codeFor(owner, path);
    await house.fault('gbdfl', 'slow', 1500);
    await owner.post(`${path}/consent`, { agree: true, code });
    await new Promise((done) => setTimeout(done, 500));
    await house.kill('courier');
    await house.fault('all', 'ok', 0);
    await house.startCourier();
    await client.settled(path, 'registered', 60000);
    assert.equal(house.requests(), 1);

    for (const name of ['courier', 'server']) {
        house[name].child.kill('SIGTERM');
        assert.deepEqual(await house[name].ended, { status: 0, signal: null });
        assert.match(house[name].text, /stopped/);
    }
    assert.equal(run(['audit', 'verify', '--database', house.database]).status, 0);
    const replayed = run(['replay', '--database', house.database]);
    assert.match(replayed.stdout, /^\d+ decisions, 0 come out differently\n$/);
});

test('the courier hears of new work at once, by the socket', async (t) => {
    const house = new House(t);
    await house.startStand();
    await house.startCourier();
    await house.startServer();
    const client = await new Client(house.url).signedIn('within_norm');
    const took = [];
    for (let i = 0; i < 3; i++) {
        const began = Date.now();
        const { body } = await client.call('POST', '/applications', { rka: client.person.rka, service: 'residence' });
        await until(async () => (await client.get(`/applications/${body.number}`)).state !== 'asking');
        took.push(Date.now() - began);
        await client.post(`/applications/${body.number}/cancellation`);
    }
    assert.ok(Math.min(...took) < 700, `${took} ms: polling alone takes a second for each round`);
});
