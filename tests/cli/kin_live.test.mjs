// SPDX-License-Identifier: Apache-2.0
// The journal of the mart from the command line: what is taken, what is refused and why, and what survives kill -9.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkDigit, loadWorld } from '../oracle/tables.mjs';
import { run, scratch, tirkeu } from './tool.mjs';

const DAY = '2026-03-02', NEXT = '2026-03-03';
let folder, built, world, single, dwelling;

after(() => rmSync(folder, { recursive: true, force: true }));
before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tirkeu-test-'));
    built = join(folder, 'country.mart');
    assert.equal(run(['world', 'generate', '--persons', '1500', '--seed', '11', '--out', join(folder, 'world')]).status, 0);
    assert.equal(run(['kin', 'build', '--world', join(folder, 'world'), '--day', DAY, '--out', built]).status, 0);
    world = loadWorld(join(folder, 'world'));
    const married = new Set(world.marriages.flatMap((m) => [m.husband_iin, m.wife_iin]));
    single = world.persons.filter((p) => p.died === '' && p.born < '2000-01-01' && !married.has(p.iin)).map((p) => p.iin);
    dwelling = world.dwellings[0].rka;
});

// A mart and a journal of the test's own.
class Files {
    constructor(t) {
        this.folder = scratch(t);
        this.mart = join(this.folder, 'country.mart');
        this.journal = join(this.folder, 'country.journal');
        copyFileSync(built, this.mart);
        this.words = ['--mart', this.mart, '--journal', this.journal];
    }
    apply(...records) {
        const lines = records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r)));
        const { status, stdout, stderr } = run(['kin', 'apply', ...this.words], { input: lines.map((l) => `${l}\n`).join('') });
        return { status, stderr, answers: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
    }
    degrees(a, b, ...words) {
        const { status, stdout, stderr } = run(['kin', 'degrees', '--mart', this.mart, ...words, a, b]);
        const names = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line).degree);
        assert.equal(status, names.length > 0 ? 0 : 1, stderr);
        return names;
    }
    snapshot() {
        const { status, stdout, stderr } = run(['kin', 'snapshot', ...this.words]);
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout).sequence;
    }
}
const marriage = (number, husband, wife) => ({ type: 'marriage', act_number: number, day: NEXT, husband, wife });
const move = (number, person, type = 'move_in') => ({ type, act_number: number, day: NEXT, person, rka: dwelling });

// Numbers with a right check digit that nobody has.
function* strangers() {
    for (let serial = 100; serial < 9999; serial++) {
        const eleven = `2603015${String(serial).padStart(4, '0')}`, digit = checkDigit(eleven);
        if (digit < 10 && !world.persons.some((p) => p.iin === eleven + digit)) yield eleven + digit;
    }
}

test('each type of record is taken, answered with its number, and counts from then on', (t) => {
    const f = new Files(t), [a, b, c, d] = single, [child] = strangers();
    const act = (type, rest) => ({ type, act_number: `N-${type}`, day: NEXT, ...rest });
    const records = [
        act('birth', { child, mother: a, father: b, born: NEXT }),
        act('marriage', { husband: a, wife: b }),
        act('divorce', { husband: a, wife: b, marriage_act_number: 'N-marriage' }),
        act('correction', { child, mother: a, father: null, act_day: NEXT }),
        act('death', { person: c }),
        { ...act('annulment', { act: 'death', person: c }) },
        act('move_in', { person: d, rka: dwelling }),
        act('move_out', { person: d, rka: dwelling }),
        act('owners', { rka: dwelling, owners: [a, d] }),
        act('student', { person: d, begins: true }),
        act('incapacity', { person: d, begins: false }),
    ];
    const { status, answers, stderr } = f.apply(...records);
    assert.deepEqual(answers, records.map((_, i) => ({ sequence: i + 1 })), stderr);
    assert.equal(status, 0);
    assert.deepEqual(f.degrees(child, a, '--journal', f.journal), ['child']);
    assert.deepEqual(f.degrees(child, b, '--journal', f.journal), []);      // the correction took the father out
    assert.deepEqual(f.degrees(a, child, '--journal', f.journal), ['parent']);
});

test('kin check and degrees with the journal, without it, and after a snapshot', (t) => {
    const f = new Files(t), [a, b] = single;
    assert.equal(f.apply(marriage('N-1', a, b)).status, 0);
    const check = (...words) => JSON.parse(run(['kin', 'check', '--mart', f.mart, ...words], { input: `${a} ${b} spouse\n` }).stdout);
    const told = check('--journal', f.journal);
    assert.match(JSON.stringify(told), /"marriage N-1"/);
    assert.doesNotMatch(JSON.stringify(check()), /"marriage N-1"/);
    assert.deepEqual(f.degrees(a, b), []);
    assert.deepEqual(f.degrees(a, b, '--journal', f.journal), ['spouse']);
    assert.equal(f.snapshot(), 1);
    assert.deepEqual(f.degrees(a, b), ['spouse']);
    assert.deepEqual(check(), told);
    assert.equal(statSync(f.journal).size, 64);                            // its header alone
});

test('a restart goes on with the next number, also after a snapshot', (t) => {
    const f = new Files(t), [a, b, c, d] = single;
    assert.deepEqual(f.apply(marriage('N-1', a, b)).answers, [{ sequence: 1 }]);
    assert.deepEqual(f.apply(marriage('N-2', c, d)).answers, [{ sequence: 2 }]);
    assert.equal(f.snapshot(), 2);
    assert.deepEqual(f.apply(move('N-3', a)).answers, [{ sequence: 3 }]);
    assert.deepEqual(f.degrees(c, d, '--journal', f.journal), ['spouse']);
    assert.equal(f.snapshot(), 3);
});

test('what is wrong with a line is answered with the field and the line; the others are taken', (t) => {
    const f = new Files(t), [a, b] = single, [nobody] = strangers(), good = marriage('N-1', a, b);
    const without = (record, key) => { const { [key]: _, ...rest } = record; return rest; };
    const wrong = [
        ['{', /./], ['[]', /not a JSON object/],
        [{ ...good, type: 'wedding' }, /^type: /], [without(good, 'type'), /^type: /],
        [without(good, 'act_number'), /^act_number: /], [{ ...good, act_number: '' }, /^act_number: /],
        [{ ...good, day: '2026-02-30' }, /^day: /], [{ ...good, day: '2036-01-01' }, /^day: .* year/],
        [without(good, 'wife'), /^wife: is missing/], [{ ...good, wife: '123' }, /^wife: is not an IIN/],
        [{ ...good, wife: a }, /^wife: is the husband/], [{ ...good, extra: 1 }, /^extra: /],
        [{ ...move('N-2', a), rka: 7 }, /^rka: is not a text/], [{ ...move('N-2', a), rka: '9999999999999999' }, /^rka: there is no such/],
        [move('N-2', nobody), /^person: there is no such/], [move('N-2', single[5], 'move_out'), /^rka: the person is not registered/],
        [{ type: 'student', act_number: 'N-3', day: NEXT, person: a, begins: 1 }, /^begins: /],
        [{ type: 'annulment', act_number: 'N-3', day: NEXT, person: a, act: 'move_in' }, /^act: /],
        [{ type: 'owners', act_number: 'N-3', day: NEXT, rka: dwelling, owners: a }, /^owners: /],
        [{ type: 'owners', act_number: 'N-3', day: NEXT, rka: dwelling, owners: ['1'] }, /^owners: /],
        [{ type: 'birth', act_number: 'N-3', day: NEXT, child: nobody, mother: a }, /^father: is missing/],
        [{ type: 'divorce', act_number: 'N-3', day: NEXT, husband: a, wife: single[5] }, /^husband: no marriage/],
        [{ ...good, act_number: 'x'.repeat(9000) }, /too long/],
    ];
    const { status, answers } = f.apply(...wrong.map(([record]) => record), good);
    assert.equal(status, 1);
    assert.equal(answers.length, wrong.length + 1);
    wrong.forEach(([, reason], i) => {
        assert.equal(answers[i].line, i + 1);
        assert.match(answers[i].error, reason);
    });
    assert.deepEqual(answers.at(-1), { sequence: 1 });
});

test('kill -9 while records come in loses none that was answered', { timeout: 60000 }, async (t) => {
    const f = new Files(t), stop = [200, 900, 2500];
    let number = 0, last = 0;
    for (const answered of stop) {
        const child = spawn(tirkeu, ['kin', 'apply', ...f.words], { stdio: ['pipe', 'pipe', 'inherit'] });
        const ended = new Promise((done) => child.on('close', (_, signal) => done(signal)));
        t.after(() => child.kill('SIGKILL'));
        child.stdin.on('error', () => {});                                 // it dies with lines under way
        let text = '';
        child.stdout.on('data', (bytes) => {
            text += bytes;
            if (text.split('\n').length > answered) child.kill('SIGKILL');
        });
        for (let i = 0; i < 20000; i++) child.stdin.write(`${JSON.stringify(move(`N-${++number}`, single[number % 50]))}\n`);
        assert.equal(await ended, 'SIGKILL');
        const whole = text.slice(0, text.lastIndexOf('\n')).split('\n').map((line) => JSON.parse(line).sequence);
        assert.deepEqual(whole, whole.map((_, i) => last + 1 + i));
        const [next] = f.apply(move(`N-${++number}`, single[0])).answers;  // one more than what is on disk
        assert.ok(next.sequence > whole.at(-1), `${next.sequence} after ${whole.at(-1)}`);
        last = next.sequence;
    }
    assert.equal(f.snapshot(), last);
});

test('a snapshot that is killed leaves mart and journal as they were; the next one clears away what it left', { timeout: 60000 }, async (t) => {
    const f = new Files(t), [a, b] = single;
    assert.equal(f.apply(marriage('N-1', a, b)).status, 0);
    const left = () => readdirSync(f.folder).filter((name) => name.includes('.writing-'));
    for (let tries = 0; tries < 10 && left().length === 0; tries++) {
        const child = spawn(tirkeu, ['kin', 'snapshot', ...f.words], { stdio: 'ignore' });
        const ended = new Promise((done) => child.on('close', done));
        for (const end = Date.now() + 400; left().length === 0 && child.exitCode === null && Date.now() < end;);
        child.kill('SIGKILL');
        await ended;
    }
    for (const name of ['mart', 'journal']) writeFileSync(join(f.folder, `country.${name}.writing-Abc123`), 'begun');
    writeFileSync(join(f.folder, 'country.mart.backup'), 'not ours');
    assert.deepEqual(f.degrees(a, b, '--journal', f.journal), ['spouse']);
    assert.equal(f.snapshot(), 1);
    assert.deepEqual(readdirSync(f.folder).sort(), ['country.journal', 'country.mart', 'country.mart.backup']);
    assert.deepEqual(f.degrees(a, b), ['spouse']);
});

test('one process writes at a time', { timeout: 60000 }, async (t) => {
    const f = new Files(t), child = spawn(tirkeu, ['kin', 'apply', ...f.words], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    child.stdin.write(`${JSON.stringify(move('N-1', single[0]))}\n`);
    await new Promise((done) => child.stdout.once('data', done));
    for (const words of [['apply'], ['snapshot']]) {
        const { status, stdout, stderr } = run(['kin', ...words, ...f.words]);
        assert.deepEqual([status === 0, stdout], [false, '']);
        assert.match(stderr, /another process writes this journal/);
    }
    child.stdin.end();
});

test('a journal of another mart, a damaged one, no mart', (t) => {
    const f = new Files(t), other = new Files(t);
    assert.equal(f.apply(move('N-1', single[0]), move('N-2', single[1])).status, 0);
    assert.equal(run(['world', 'generate', '--persons', '300', '--seed', '2', '--out', join(f.folder, 'world')]).status, 0);
    assert.equal(run(['kin', 'build', '--world', join(f.folder, 'world'), '--day', DAY, '--out', other.mart]).status, 0);
    const open = (mart, journal) => run(['kin', 'apply', '--mart', mart, '--journal', journal]);
    assert.match(open(other.mart, f.journal).stderr, /belongs to another mart/);
    const bytes = readFileSync(f.journal);
    bytes[64 + 40] ^= 1;
    writeFileSync(f.journal, bytes);
    assert.match(open(f.mart, f.journal).stderr, /offset 64 is damaged/);
    assert.match(open(join(f.folder, 'none.mart'), f.journal).stderr, /none\.mart/);
});

for (const [command, words] of [['apply', /one JSON object a line[^]*move_in, move_out[^]*--journal FILE[^]*\(required\)/],
    ['snapshot', /drops that from the journal[^]*--journal FILE/], ['check', /--journal FILE/], ['degrees', /--journal FILE/]]) {
    test(`tirkeu kin ${command} --help`, () => {
        const { status, stdout } = run(['kin', command, '--help']);
        assert.equal(status, 0);
        assert.match(stdout, new RegExp(`^usage: tirkeu kin ${command} `));
        assert.match(stdout, words);
    });
}
