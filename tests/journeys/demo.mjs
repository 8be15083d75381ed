// SPDX-License-Identifier: Apache-2.0
// The demonstration under test: `tirkeu demo` over a folder of its own, and the register stand behind it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60000;
const STOP_MS = 20000;

export async function startDemo(program) {
    const folder = mkdtempSync(join(tmpdir(), 'tirkeu-journeys-'));
    const words = ['demo', '--folder', folder, '--persons', '2000', '--seed', '1', '--listen', '127.0.0.1:0'];
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (bytes) => (said += bytes));
    child.stderr.on('data', (bytes) => (said += bytes));
    const ended = new Promise((resolve) => {
        child.on('error', (error) => resolve({ code: null, error }));
        child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    const demo = new Demo(folder, child, ended, () => said, program);
    try {
        await demo.ready();
    } catch (error) {
        await demo.stop();
        throw error;
    }
    return demo;
}

class Demo {
    constructor(folder, child, ended, said, program) {
        Object.assign(this, { folder, child, ended, said, program });
    }

    async ready() {
        let end = null;
        this.ended.then((how) => (end = how));
        for (const until = Date.now() + START_MS; !/Ctrl-C/.test(this.said()); await sleep(50)) {
            if (end || Date.now() > until) throw new Error(`the demonstration did not start:\n${this.said()}`);
        }
        this.url = /runs at (http:\S+)/.exec(this.said())[1];
        this.place = join(this.folder, readdirSync(this.folder)[0]);
        this.signerUrl = /ready wss(:\S+)/.exec(readFileSync(join(this.place, 'signer.log'), 'utf8'))[1].replace(/^/, 'https');
        this.stand = /ready (http:\S+)/.exec(readFileSync(join(this.place, 'stand.log'), 'utf8'))[1];
    }

    // mode: ok, silent (hangs up after ms), error, slow, garbage; register: "all" or one.
    async fault(register, mode, ms = 0) {
        const body = JSON.stringify({ register, mode, ms });
        const reply = await fetch(`${this.stand}/stand/faults`, { method: 'POST', body });
        if (!reply.ok) throw new Error(`/stand/faults: ${reply.status} ${await reply.text()}`);
    }

    // A command of tirkeu over the demonstration's database and trust folder.
    run(words, input) {
        const { status, stdout, stderr } = spawnSync(this.program, words, { encoding: 'utf8', input });
        return { status, said: stdout + stderr, stdout };
    }

    get database() {
        return join(this.place, 'tirkeu.db');
    }

    get trust() {
        return join(this.place, 'authority');
    }

    // How the authority answers: service ocsp, tsp or crl; mode ok, silent, slow, error, ...
    async authority(service, mode) {
        const reply = await fetch(`${this.stand}/stand/authority/faults`, { method: 'POST', body: JSON.stringify({ service, mode, ms: 0 }) });
        if (!reply.ok) throw new Error(`/stand/authority/faults: ${reply.status} ${await reply.text()}`);
    }

    // A detached CMS over the text, with the key of this person; how: { signIn, expired }.
    async signed(iin, text, how = {}) {
        const body = JSON.stringify({ iin, data: Buffer.from(text).toString('base64'), encapsulate: false, ...how });
        const reply = await fetch(`${this.stand}/signer/cms`, { method: 'POST', body });
        if (!reply.ok) throw new Error(`/signer/cms: ${reply.status} ${await reply.text()}`);
        return Buffer.from((await reply.json()).cms, 'base64');
    }

    // The person's certificate, the one for signing in, is revoked.
    async revoke(iin) {
        const reply = await fetch(`${this.stand}/stand/authority/revoke`, { method: 'POST', body: JSON.stringify({ iin, signIn: true }) });
        if (!reply.ok) throw new Error(`/stand/authority/revoke: ${reply.status} ${await reply.text()}`);
    }

    // What the signer in place of NCALayer does from now on: { mode: ok | cancel | error | silent | garbage, iin, old }.
    signer(words) {
        const options = { method: 'POST', rejectUnauthorized: false };
        return new Promise((resolve, reject) => {
            const asked = request(`${this.signerUrl}/signer/control`, options, (reply) => {
                reply.resume().on('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`/signer/control: ${reply.statusCode}`))));
            });
            asked.on('error', reject).end(JSON.stringify(words));
        });
    }

    async messages() {
        const reply = await fetch(`${this.stand}/stand/messages`);
        const all = await reply.json();
        return Array.isArray(all) ? all : all.messages;
    }

    // One of the listed people: key, name, role, iin; rka and owner of the dwelling that is meant.
    async person(key) {
        const reply = await fetch(`${this.url}/api/v1/demo/people`);
        return (await reply.json()).people.find((person) => person.key === key);
    }

    // Rows of a file of the world, each an object by column.
    rows(name) {
        const [head, ...lines] = readFileSync(join(this.place, 'world', name), 'utf8').trimEnd().split(/\r?\n/);
        const columns = head.split(',');
        const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, ''));
        return lines.map((line) => Object.fromEntries(columns.map((column, i) => [column, cells(line)[i]])));
    }

    async stop() {
        const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
        this.child.kill('SIGINT');
        const how = await this.ended;
        clearTimeout(timer);
        return how;
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
