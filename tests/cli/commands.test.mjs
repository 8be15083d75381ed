// SPDX-License-Identifier: Apache-2.0
// Exit statuses and messages of the commands.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, scratch } from './tool.mjs';

const COMMANDS = ['serve', 'courier', 'demo', 'decide', 'world', 'kin', 'whatif', 'eds', 'policy', 'replay', 'audit', 'migrate', 'backup'];

test('the list of commands', () => {
    const { status, stdout, stderr } = run(['--help']);
    assert.equal(status, 0);
    assert.equal(stderr, '');
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
});

for (const words of [...COMMANDS.map((name) => [name]), ['world', 'generate'], ['world', 'check'], ['policy', 'check'], ['policy', 'show'], ['eds', 'verify'], ['audit', 'verify']]) {
    test(`help of ${words.join(' ')}`, () => {
        const { status, stdout, stderr } = run([...words, '--help']);
        assert.equal(status, 0);
        assert.match(stdout, new RegExp(`^usage: tirkeu ${words.join(' ')}\\b`));
        assert.equal(stderr, '');
    });
}

// Wrong usage: status 2, the reason on standard error, nothing on standard output.
const WRONG = [
    [[], /^usage: tirkeu COMMAND/],
    [['nonsense'], /there is no command 'nonsense'; see: tirkeu --help/],
    [['world'], /^usage: tirkeu world COMMAND/],
    [['world', 'nonsense'], /there is no command 'nonsense'/],
    [['audit'], /^usage: tirkeu audit COMMAND/],
    [['migrate'], /option --database is required/],
    [['migrate', '--database'], /option --database needs a value/],
    [['migrate', '--database', 'a', '--database', 'b'], /option --database is given twice/],
    [['migrate', '--database=a', '--database=a'], /option --database is given twice/],
    [['migrate', '--nonsense', 'a'], /unknown option '--nonsense'/],
    [['migrate', '-d', 'a'], /unknown option '-d'/],
    [['migrate', '--database', 'a', 'b'], /unexpected argument 'b'/],
    [['migrate', '--', '--help'], /unexpected argument '--help'/],
    [['backup', '--database', 'a'], /expected: FILE/],
    [['serve', '--demonstration=yes', '--database', 'a'], /option --demonstration takes no value/],
    [['serve', '--database', 'a', '--listen', 'localhost'], /'localhost' is not an address/],
    [['serve', '--database', 'a', '--listen', '127.0.0.1:65536'], /'127.0.0.1:65536' is not an address/],
    [['serve', '--database', 'a', '--legal-day', '2026-02-30'], /'2026-02-30' is not a day/],
    [['serve', '--database', 'a', '--demonstration'], /--demonstration and --world belong together/],
    [['serve', '--database', 'a', '--demonstration', '--world', 'w', '--listen', '0.0.0.0:8080'], /a loopback address only/],
    [['serve', '--database', 'a', '--journal', 'j'], /--journal belongs to --mart/],
    [['courier', '--database', 'a'], /option --gateway is required/],
    [['demo', '--listen', '0.0.0.0:8080'], /a loopback address only/],
    [['demo', '--persons', '10'], /'10' is not a whole number from/],
    [['demo', '--seed', '-1'], /'-1' is not a whole number/],
    [['demo', '--legal-day', 'today'], /'today' is not a day/],
    [['replay', '--database', 'a', '--from', 'x'], /'x' is not a day/],
    [['decide'], /option --world is required/],
    [['world', 'generate', '--persons', '1000'], /one of --out and --mart is needed/],
    [['world', 'check'], /expected: DIR/],
];
for (const [words, reason] of WRONG) {
    test(`wrong usage: tirkeu ${words.join(' ')}`, (t) => {
        const { status, stdout, stderr } = run(words, { cwd: scratch(t) });
        assert.match(stderr, reason);
        assert.equal(stdout, '');
        assert.equal(status, 2);
    });
}

test('a database: made, verified, copied; the copy never overwrites', (t) => {
    const folder = scratch(t);
    const [database, copy] = [join(folder, 'a.db'), join(folder, 'b.db')];
    for (const command of [['serve'], ['courier', '--gateway', 'http://127.0.0.1:9/']]) {
        const none = run([...command, '--database', database]);
        assert.notEqual(none.status, 0);
        assert.match(none.stderr, /tirkeu migrate --database/);
    }
    assert.equal(existsSync(database), false, 'only migrate makes a database');
    for (let twice = 0; twice < 2; twice++) assert.equal(run(['migrate', '--database', database]).status, 0);
    const verified = run(['audit', 'verify', '--database', database]);
    assert.match(verified.stdout, /^the audit is whole: \d+ entries\n$/);
    assert.equal(verified.status, 0);
    assert.equal(run(['backup', '--database', database, copy]).status, 0);
    assert.equal(run(['audit', 'verify', '--database', copy]).status, 0);
    const again = run(['backup', '--database', database, copy]);
    assert.equal(again.status, 2);
    assert.match(again.stderr, /is already there/);
    const replayed = run(['replay', '--database', database]);
    assert.equal(replayed.stdout, '0 decisions, 0 come out differently\n');
    assert.equal(replayed.status, 0);
});

test('a file that is no database', (t) => {
    const file = join(scratch(t), 'a.db');
    writeFileSync(file, 'certainly not a database, but long enough to be looked at as one\n'.repeat(100));
    for (const words of [['migrate'], ['audit', 'verify'], ['serve']]) {
        const { status, stderr } = run([...words, '--database', file]);
        assert.notEqual(status, 0);
        assert.match(stderr, /a\.db/);
    }
});

test('a world: generated twice the same, checked; a wrong one is told by file and line', (t) => {
    const folder = scratch(t);
    const plan = (name) => run(['world', 'generate', '--persons', '1000', '--seed', '7', '--out', join(folder, name)]);
    assert.equal(plan('a').status, 0);
    assert.equal(run(['world', 'check', join(folder, 'a')]).status, 0);

    const wrong = join(folder, 'wrong');
    mkdirSync(wrong);
    writeFileSync(join(wrong, 'persons.csv'), 'iin,surname,name,patronymic,sex,born,died,capable,phone\n123,a,b,c,M,1990-01-01,,yes,\n');
    writeFileSync(join(wrong, 'dwellings.csv'), 'rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n');
    const checked = run(['world', 'check', wrong]);
    assert.equal(checked.status, 1);
    assert.match(checked.stdout + checked.stderr, /persons\.csv:2: column iin: /);
    assert.equal(run(['decide', '--world', wrong]).status, 2);
    assert.equal(run(['decide', '--world', join(folder, 'none')]).status, 2);
    const line = run(['decide', '--world', join(folder, 'a'), '-'], { input: '\nnonsense\n' });
    assert.equal(line.status, 1);
    assert.deepEqual([JSON.parse(line.stdout).outcome, JSON.parse(line.stdout).line], ['invalid', 2]);
});

test('policies: the effective one reads as itself; a wrong one is told by file and line', (t) => {
    const file = join(scratch(t), 'p.ini');
    const shown = run(['policy', 'show']);
    assert.equal(shown.status, 0);
    writeFileSync(file, shown.stdout);
    assert.equal(run(['policy', 'check', file]).status, 0);
    assert.equal(run(['policy', 'show', file]).stdout, shown.stdout);
    writeFileSync(file, '[norm.area_per_person]\nvalue = much\n');
    for (const words of [['policy', 'check', file], ['serve', '--database', 'a', '--policy', file]]) {
        const wrong = run(words);
        assert.equal(wrong.status, 2);
        assert.match(wrong.stderr, /p\.ini:2: /);
    }
});

// That an approved one starts: tests/unit/cli_approval_test.c, for outside the demonstration only the national roots count.
test('a policy that nobody approved starts neither server nor courier', (t) => {
    const folder = scratch(t), [database, file] = ['a.db', 'p.ini'].map((name) => join(folder, name));
    assert.equal(run(['migrate', '--database', database]).status, 0);
    writeFileSync(file, '[norm.area_per_person]\nvalue = 12\nfrom = 2026-01-01\n');
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    for (const words of [['serve', '--listen', '127.0.0.1:0'], ['courier', '--gateway', 'http://127.0.0.1:9/']]) {
        const { status, stderr } = run([...words, '--database', database, '--policy', file]);
        assert.equal(status, 1, stderr);
        assert.ok(stderr.includes(`--policy ${file} (version `) && stderr.includes(sha256), stderr);
        for (const signer of ['AUTHOR', 'SECOND'])
            assert.match(stderr, new RegExp(`tirkeu policy sign-request .*--author AUTHOR --signer ${signer} .*\\n`
                + ` {2}tirkeu policy approve .*--signer ${signer} .*\\n`));
    }
    for (const [author, option, signer, said] of [['900512300071', '--signer', '1', /IIN/], ['1', '--signer', '900512300071', /IIN/],
        ['900512300071', '--approver', '650220300070', /--approver/]]) {
        const asked = run(['policy', 'sign-request', '--database', database, '--trust', folder, '--author', author, option, signer,
            '--out', join(folder, 'bytes'), file]);
        assert.equal(asked.status, 2);
        assert.match(asked.stderr, said);
    }
});

test('a taken port is told before anything is made', async (t) => {
    const folder = scratch(t);
    const server = createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.close());
    const { status, stderr } = run(['demo', '--folder', join(folder, 'd'), '--listen', `127.0.0.1:${server.address().port}`]);
    assert.notEqual(status, 0);
    assert.match(stderr, /choose another address: --listen/);
    assert.equal(existsSync(join(folder, 'd')), false);
});
