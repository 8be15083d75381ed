// SPDX-License-Identifier: Apache-2.0
// kill -9 of the courier while its questions are under way, and of the server between the steps, loses and repeats nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '../api/client.mjs';
import { run, scratch, stand, start, tirkeu, until } from './tool.mjs';

const coupon = { reason: 'work', education: 'higher', marital: 'single', occupation: 'employed', arrives_with: 'alone', children_under_14: 0,
    previous_place: 'Қарағанды қаласы', arrived: '2026-03-01' };

// Stand, courier and server by themselves, so that each can be killed and started again.
class House {
    constructor(t) {
        const folder = scratch(t), at = (name) => join(folder, name);
        Object.assign(this, { t, world: at('world'), database: at('tirkeu.db'), registers: at('registers'), wake: at('wake') });
        assert.equal(run(['world', 'generate', '--persons', '2000', '--seed', '3', '--out', this.world]).status, 0);
        assert.equal(run(['migrate', '--database', this.database]).status, 0);
    }
    async startStand() {
        const process = start(this.t, stand, ['--world', this.world, '--listen', '127.0.0.1:0', '--state', this.registers, '--legal-day', '2026-03-02']);
        [, this.gateway] = await process.said(/ready (http:\S+)/);
    }
    async startCourier() {
        this.courier = start(this.t, tirkeu, ['courier', '--database', this.database, '--gateway', `${this.gateway}/bip-sync-wss-gost/`,
            '--wake', this.wake, '--legal-day', '2026-03-02', '--demonstration']);
        await this.courier.said(/ready/);
    }
    async startServer() {
        this.server = start(this.t, tirkeu, ['serve', '--database', this.database, '--listen', '127.0.0.1:0', '--wake', this.wake,
            '--legal-day', '2026-03-02', '--demonstration', '--world', this.world]);
        [, this.url] = await this.server.said(/ready (http:\S+)/);
    }
    async kill(name) {
        this[name].child.kill('SIGKILL');
        assert.equal((await this[name].ended).signal, 'SIGKILL');
    }
    async fault(register, mode, ms) {
        const reply = await fetch(`${this.gateway}/stand/faults`, { method: 'POST', body: JSON.stringify({ register, mode, ms }) });
        assert.equal(reply.ok, true, await reply.text());
    }
    messages = async () => (await fetch(`${this.gateway}/stand/messages`)).json();
    async codeFor(client, path) {
        const before = (await this.messages()).length;
        await client.post(`${path}/code`, undefined, 204);
        let code;
        await until(async () => (code = (await this.messages()).slice(before).map((m) => m.text.match(/(?<![\d-])\d{6}(?![\d-])/)).find((m) => m)));
        return code[0];
    }
    requests = () => readFileSync(join(this.registers, 'residents-added.csv'), 'utf8').trim().split('\n').length - 1;
}

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
