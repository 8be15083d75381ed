// SPDX-License-Identifier: Apache-2.0
// What the tests of commands share: programs run to their end, or in the background with their words collected.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const build = resolve(process.env.TIRKEU_BUILD ?? 'build');
export const tirkeu = join(build, 'tirkeu');
export const stand = join(build, 'tirkeu-stand');

// A folder that goes away with the test.
export function scratch(t) {
    const folder = mkdtempSync(join(tmpdir(), 'tirkeu-test-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

export function run(words, { input = '', cwd } = {}) {
    const { status, signal, stdout, stderr, error } = spawnSync(tirkeu, words, { input, cwd, encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 28 });
    if (error) throw error;
    return { status, signal, stdout, stderr };
}

// Starts a program that stays; `said(pattern)` waits for words of it, `ended` for its end. Killed with the test at the latest.
export function start(t, program, words) {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const process_ = { child, text: '', pid: child.pid };
    let waiting = [];
    const look = () => { waiting = waiting.filter((w) => !w()); };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { process_.text += bytes; look(); });
    process_.ended = new Promise((done) => child.on('close', (status, signal) => { process_.over = { status, signal }; done(process_.over); look(); }));
    process_.said = (pattern, ms = 60000) => new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`not said in ${ms} ms: ${pattern}\n${process_.text}`)), ms);
        waiting.push(() => {
            const found = process_.text.match(pattern);
            if (found) { clearTimeout(timer); done(found); return true; }
            if (process_.over) { clearTimeout(timer); fail(new Error(`ended before it said ${pattern}\n${process_.text}`)); return true; }
            return false;
        });
        look();
    });
    t.after(async () => { if (!process_.over) { child.kill('SIGKILL'); await process_.ended; } });
    return process_;
}

// ---- processes of the system ----

const fieldsOf = (pid) => {
    try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return { pid: Number(pid), state, parent: Number(parent), words: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') };
    } catch {
        return null;                   // it has ended meanwhile
    }
};
export const childrenOf = (parent) => readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(fieldsOf)
    .filter((p) => p && p.parent === parent && p.state !== 'Z');
export const isRunning = (pid) => { const p = fieldsOf(pid); return p !== null && p.state !== 'Z'; };

export async function until(condition, ms = 20000) {
    for (const end = Date.now() + ms; !(await condition());) {
        if (Date.now() > end) throw new Error(`not so within ${ms} ms: ${condition}`);
        await new Promise((done) => setTimeout(done, 50));
    }
}
