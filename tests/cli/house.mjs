// SPDX-License-Identifier: Apache-2.0
// The processes of Tirkeu over a small world, for tests that start, stop and disturb them.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, scratch, stand, start, tirkeu, until } from './tool.mjs';

export const coupon = { reason: 'work', education: 'higher', marital: 'single', occupation: 'employed', arrives_with: 'alone', children_under_14: 0,
    previous_place: 'Қарағанды қаласы', arrived: '2026-03-01' };

// Stand, courier and server by themselves, so that each can be killed and started again; with `authority` they sign their messages,
// and electronic signatures are verified by the trust folder.
export class House {
    constructor(t, { authority = false } = {}) {
        const folder = scratch(t), at = (name) => join(folder, name);
        Object.assign(this, { t, world: at('world'), database: at('tirkeu.db'), registers: at('registers'), wake: at('wake'),
            authority: authority ? at('authority') : null, trust: at('trust') });
        assert.equal(run(['world', 'generate', '--persons', '2000', '--seed', '3', '--out', this.world]).status, 0);
        assert.equal(run(['migrate', '--database', this.database]).status, 0);
    }
    async startStand() {
        const process = start(this.t, stand, ['--world', this.world, '--listen', '127.0.0.1:0', '--state', this.registers, '--legal-day', '2026-03-02',
            ...(this.authority ? ['--authority', this.authority] : [])]);
        [, this.gateway] = await process.said(/ready (http:\S+)/);
    }
    // The authority's own trust folder, with more lines in its profile.
    makeTrust(...lines) {
        cpSync(this.authority, this.trust, { recursive: true, filter: (path) => !/\/(keys|persons|organisations)$/.test(path) });
        appendFileSync(join(this.trust, 'profile'), lines.map((line) => `${line}\n`).join(''));
    }
    trusted = () => this.authority ? ['--trust', this.trust] : [];
    async startCourier() {
        this.courier = start(this.t, tirkeu, ['courier', '--database', this.database, '--gateway', `${this.gateway}/bip-sync-wss-gost/`,
            '--wake', this.wake, '--legal-day', '2026-03-02', '--demonstration', ...this.trusted(),
            ...(this.authority ? ['--sign-key', join(this.authority, 'keys/tirkeu.pem'), '--sign-certificate', join(this.authority, 'keys/tirkeu.cer')] : [])]);
        await this.courier.said(/ready/);
    }
    async startServer() {
        this.server = start(this.t, tirkeu, ['serve', '--database', this.database, '--listen', '127.0.0.1:0', '--wake', this.wake,
            '--legal-day', '2026-03-02', '--demonstration', '--world', this.world, ...this.trusted()]);
        [, this.url] = await this.server.said(/ready (http:\S+)/);
    }
    async kill(name) {
        this[name].child.kill('SIGKILL');
        assert.equal((await this[name].ended).signal, 'SIGKILL');
    }
    async tell(path, body) {
        const reply = await fetch(`${this.gateway}/${path}`, { method: 'POST', body: JSON.stringify(body) });
        assert.equal(reply.ok, true, await reply.clone().text());
        return reply.json();
    }
    fault = (register, mode, ms) => this.tell('stand/faults', { register, mode, ms });
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
