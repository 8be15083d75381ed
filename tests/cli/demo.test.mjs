// SPDX-License-Identifier: Apache-2.0
// `tirkeu demo` starts everything and leaves nothing behind, however it ends.
import assert from 'node:assert/strict';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { childrenOf, isRunning, run, scratch, start, tirkeu, until } from './tool.mjs';

const words = (folder) => ['demo', '--folder', folder, '--persons', '2000', '--seed', '3', '--listen', '127.0.0.1:0'];

async function demo(t, folder) {
    const process = start(t, tirkeu, words(folder));
    const [, url] = await process.said(/Tirkeu runs at (\S+)/);
    await process.said(/Ctrl-C stops everything/);
    const children = childrenOf(process.pid);
    assert.equal(children.length, 4, 'stand, signer, courier and server');
    return { process, url, children };
}
const martOf = (folder) => join(folder, '2000-3', 'kinship-2026-03-01.mart');
const allGone = (children) => until(() => children.every((child) => !isRunning(child.pid)));

test('starts, answers, lists its people, and stops everything on Ctrl-C', async (t) => {
    const folder = scratch(t);
    const { process, url, children } = await demo(t, folder);
    const reply = await fetch(url);
    assert.equal(reply.status, 200);
    assert.match(await reply.text(), /2026/);
    assert.ok(process.text.split('\n').filter((line) => line.startsWith('  ')).length >= 8, 'the people are listed');
    for (const name of ['stand', 'signer', 'courier', 'server']) {
        assert.doesNotMatch(readFileSync(join(folder, '2000-3', `${name}.log`), 'utf8'), /\b\d{12}\b/, 'no IIN in a log');
    }

    const second = run(words(folder));
    assert.notEqual(second.status, 0);
    assert.match(second.stderr, /already running/);

    process.child.kill('SIGINT');
    assert.deepEqual(await process.ended, { status: 0, signal: null });
    assert.ok(children.every((child) => !isRunning(child.pid)), 'nothing is left when demo has ended');
    const database = join(folder, '2000-3', 'tirkeu.db');
    assert.equal(run(['audit', 'verify', '--database', database]).status, 0);
});

test('a second start finds its world and is quick', async (t) => {
    const folder = scratch(t);
    const marts = [];
    for (const limit of [60000, 8000]) {
        const began = Date.now();
        const { process } = await demo(t, folder);
        assert.ok(Date.now() - began < limit, `${Date.now() - began} ms`);
        marts.push(statSync(martOf(folder)).ino);
        process.child.kill('SIGTERM');
        assert.equal((await process.ended).status, 0);
    }
    assert.equal(marts[0], marts[1], 'the mart is made once');
});

test('courier and server take a new mart into use without a restart, and refuse a damaged one', async (t) => {
    const folder = scratch(t);
    const { process } = await demo(t, folder);
    const mart = martOf(folder), beside = `${mart}.new`;
    const bothSay = (pattern) => until(() => ['courier', 'server'].every((name) => pattern.test(readFileSync(join(folder, '2000-3', `${name}.log`), 'utf8'))));
    await bothSay(/<6>.*mart: .* of 2026-03-01 is in use/);
    const bytes = readFileSync(mart);
    bytes[4096 + 64] ^= 1;
    writeFileSync(beside, bytes);
    renameSync(beside, mart);
    await bothSay(/<4>.*mart: .*persons is damaged; the one of 2026-03-01 stays in use/);
    assert.equal(run(['kin', 'build', '--world', join(folder, '2000-3', 'world'), '--out', beside, '--day', '2026-02-28']).status, 0);
    renameSync(beside, mart);
    await bothSay(/<6>.*mart: .* of 2026-02-28 is in use/);
    process.child.kill('SIGTERM');
    assert.equal((await process.ended).status, 0);
});

test('kill -9 of demo takes its children along', async (t) => {
    const { process, children } = await demo(t, scratch(t));
    process.child.kill('SIGKILL');
    await process.ended;
    await allGone(children);
});

for (const [name, mark] of [['server', 'serve'], ['courier', 'courier'], ['stand', '--listen']]) {
    test(`the death of the ${name} ends the demonstration and is told`, async (t) => {
        const { process: demonstration, children } = await demo(t, scratch(t));
        const victim = name === 'stand' ? children.find((child) => child.words[0].endsWith('-stand')) : children.find((child) => child.words[1] === mark);
        process.kill(victim.pid, 'SIGKILL');
        const { status } = await demonstration.ended;
        assert.notEqual(status, 0);
        assert.match(demonstration.text, new RegExp(`${name} was ended by signal 9`));
        await allGone(children);
    });
}
