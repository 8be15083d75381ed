// SPDX-License-Identifier: Apache-2.0
// A whole demonstration on free ports, and calls of its API that are held against docs/openapi.json.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Schemas } from './schema.mjs';

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
export const description = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
export const schemas = new Schemas(description);
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// ---- the demonstration ----

const program = join(resolve(process.env.TIRKEU_BUILD ?? join(root, 'build')), 'tirkeu');

// Starts a command that stays, until it says `ready`; its first group is the address.
async function start(words, ready, folder) {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise((done) => child.on('close', (status) => done(status)));
    let said = '', over = false;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { said += bytes; });
    ended.then(() => { over = true; });
    for (const end = Date.now() + 60000; !ready.test(said); await sleep(50)) {
        if (over || Date.now() > end) throw new Error(`${words[0]} did not start:\n${said}`);
    }
    const stop = async () => {
        child.kill('SIGTERM');
        const status = await ended;
        rmSync(folder, { recursive: true, force: true });
        return status;
    };
    return { url: said.match(ready)[1], stop };
}
const newFolder = () => mkdtempSync(join(tmpdir(), 'tirkeu-api-'));

// `tirkeu serve` alone, as outside of the demonstration.
export async function startServer() {
    const folder = newFolder(), database = join(folder, 'tirkeu.db');
    const { status, stderr } = spawnSync(program, ['migrate', '--database', database], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return start(['serve', '--database', database, '--listen', '127.0.0.1:0'], /ready (http:\S+)/, folder);
}

export async function startDemonstration(legalDay = '2026-03-02') {
    const folder = newFolder();
    const words = ['demo', '--folder', folder, '--persons', '2000', '--seed', '3', '--listen', '127.0.0.1:0', '--legal-day', legalDay];
    const running = await start(words, /Tirkeu runs at (\S+)/, folder);
    const place = join(folder, readdirSync(folder)[0]);
    const stand = readFileSync(join(place, 'stand.log'), 'utf8').match(/http:\/\/\S+/)[0];
    return { ...running, stand, world: join(place, 'world') };
}

// ---- checked calls ----

const templates = Object.keys(description.paths).map((path) => ({ path, parts: path.split('/') }));
const isParameter = (part) => part.startsWith('{');
export function templateOf(path) {
    const parts = path.split('?')[0].split('/');
    const fits = templates.filter((t) => t.parts.length === parts.length && t.parts.every((part, i) => isParameter(part) || part === parts[i]));
    return fits.sort((a, b) => a.parts.filter(isParameter).length - b.parts.filter(isParameter).length)[0]?.path;
}
export const seen = new Set();                 // "GET /law 200"

function checkHeaders(described, reply) {
    return Object.entries(described.headers ?? {}).flatMap(([name, header]) => {
        const value = reply.headers.get(name);
        const { schema } = header.$ref ? schemas.resolve(header.$ref) : header;
        return value === null ? [] : schemas.faults(schema, value, `header ${name}`);
    });
}

function bodyOf(reply, text) {
    if (/^text\/plain/.test(reply.headers.get('content-type'))) return text;
    return text === '' ? null : JSON.parse(text);
}

// What the description has against a reply; a path, status, type or member that it does not know is a fault.
function checkReply(method, path, reply, text) {
    const template = templateOf(path);
    const operation = template && description.paths[template][method.toLowerCase()];
    let described = operation?.responses[reply.status];
    if (!template && reply.status === 404) described = { $ref: '#/components/responses/NotFound' };
    if (template && !operation && reply.status === 405) described = { $ref: '#/components/responses/MethodNotAllowed' };
    if (!described) return [`${method} ${path}: the description has no ${reply.status}: ${text}`];
    if (described.$ref) described = schemas.resolve(described.$ref);
    seen.add(`${method} ${template} ${reply.status}`);
    const faults = checkHeaders(described, reply);
    if (!described.content) return text === '' ? faults : [...faults, 'a body where there is none in the description'];
    const type = reply.headers.get('content-type');
    const content = described.content[type];
    if (!content) return [...faults, `the type ${type} is not described`];
    const body = bodyOf(reply, text);
    const found = schemas.faults(content.schema.type === 'object' && !content.schema.properties ? {} : content.schema, body);
    if (body?.status !== undefined && type === 'application/problem+json' && body.status !== reply.status) found.push('the member status is another one');
    return [...faults, ...found].map((text_) => `${method} ${path} ${reply.status}: ${text_}`);
}

export class Client {
    constructor(base, { token, language = 'en' } = {}) { Object.assign(this, { base, token, language }); }

    // { status, headers, body }; throws when the reply is not as described.
    async call(method, path, body, { headers = {}, raw } = {}) {
        const sent = { 'accept-language': this.language, ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...headers };
        if (body !== undefined && !sent['content-type']) sent['content-type'] = 'application/json';
        const reply = await fetch(`${this.base}/api/v1${path}`, { method, headers: sent, body: raw ? body : body === undefined ? undefined : JSON.stringify(body) });
        const text = await reply.text();
        const faults = checkReply(method, path, reply, text);
        if (faults.length > 0) throw new Error(faults.join('\n'));
        return { status: reply.status, headers: reply.headers, body: bodyOf(reply, text) };
    }

    async expect(status, method, path, body, options) {
        const reply = await this.call(method, path, body, options);
        if (reply.status !== status) throw new Error(`${method} ${path}: ${reply.status} instead of ${status}: ${JSON.stringify(reply.body)}`);
        return reply.body;
    }
    get(path) { return this.expect(200, 'GET', path); }
    post(path, body, status = 200) { return this.expect(status, 'POST', path, body); }

    async signedIn(person, language = this.language) {
        const session = await new Client(this.base, { language }).post('/demo/session', { person }, 201);
        const client = new Client(this.base, { token: session.token, language });
        client.person = session.person;
        return client;
    }

    // Polls as Retry-After says until the case has left the states in which something happens by itself.
    async settled(path, wanted, ms = 30000) {
        for (const end = Date.now() + ms; ;) {
            const reply = await this.call('GET', path);
            if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`);
            if (reply.body.state === wanted) return reply.body;
            const wait = reply.headers.get('retry-after');
            if (wait === null || Date.now() > end) throw new Error(`${path} is ${reply.body.state}, not ${wanted}: ${JSON.stringify(reply.body.decision ?? reply.body)}`);
            await sleep(Math.min(Number(wait) * 1000, 300));
        }
    }
}
