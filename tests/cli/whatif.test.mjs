// SPDX-License-Identifier: Apache-2.0
// tirkeu whatif against a naive count over the CSV files of a small world, with the oracle's own kinship.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { alive, kinBetween, readingsOn, YES } from '../oracle/oracle.mjs';
import { hundredths, isNatural, loadWorld } from '../oracle/tables.mjs';
import { run, scratch } from './tool.mjs';

const DAY = '2026-03-02';
const FIGURES = ['reached', 'over', 'residents', 'owners', 'kin', 'neither'];
const CHOICES = [['child'], ['parent'], ['spouse'], ['full_sibling'], ['half_sibling', 'mother'], ['half_sibling', 'father'],
    ['grandparent', 'mother'], ['grandparent', 'father'], ['grandchild', 'mother'], ['grandchild', 'father'], ['in_law']];

// Rows by what they are looked up by: the oracle scans, and a whole world is many scans.
const groupBy = (rows, key) => {
    const groups = new Map();
    for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row]);
    return (value) => groups.get(value) ?? [];
};

let folder, mart, world;
after(() => rmSync(folder, { recursive: true, force: true }));
before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tirkeu-test-'));
    mart = join(folder, 'country.mart');
    assert.equal(run(['world', 'generate', '--persons', '1500', '--seed', '11', '--capital-share', '0.5', '--out', join(folder, 'world')]).status, 0);
    assert.equal(run(['kin', 'build', '--world', join(folder, 'world'), '--day', DAY, '--out', mart]).status, 0);
    world = loadWorld(join(folder, 'world'));
    world.residentsOf = groupBy(world.residents, 'rka');
    world.ownersOf = groupBy(world.owners, 'rka');
});

const whatif = (...words) => run(['whatif', '--mart', mart, ...words]);
const json = (...words) => {
    const { status, stdout, stderr } = whatif('--json', ...words);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
};
const policy = (t, text) => {
    const file = join(scratch(t), 'policy.ini');
    writeFileSync(file, text);
    return file;
};

// ---- the naive count ----

function registeredIn(rka) {
    const rows = world.residentsOf(rka).filter((row) => row.since <= DAY && (row.until === '' || row.until >= DAY));
    return [...new Set(rows.map((row) => row.iin))].filter((iin) => alive(world.personByIin.get(iin), DAY));
}

const kinship = new Map();         // "iin rka scope" -> whether some degree is there
function isKin(iin, rka, owners, readings) {
    const key = `${iin} ${rka} ${readings['in_law.scope']}`;
    const acts = { births: world.births, marriages: world.marriages, divorces: world.divorces, persons: world.personByIin };
    if (!kinship.has(key)) {
        kinship.set(key, owners.some((owner) => CHOICES.some(([degree, side]) =>
            kinBetween(acts, readings, { day: DAY, applicant: iin, relation: { degree, side } }, owner) === YES)));
    }
    return kinship.get(key);
}

function countOne(dwelling, norm, readings) {
    const persons = registeredIn(dwelling.rka);
    const area = dwelling[`${readings['norm.area_kind']}_area`];
    const figures = Object.fromEntries(FIGURES.map((name) => [name, 0]));
    if (norm === null || area === '') return figures;
    const allowed = Math.floor(hundredths(area) / hundredths(norm));
    figures.reached = persons.length >= allowed ? 1 : 0;
    if (persons.length <= allowed) return figures;
    const owners = [...new Set(world.ownersOf(dwelling.rka).map((row) => row.owner))].filter(isNatural);
    for (const iin of persons) figures[owners.includes(iin) ? 'owners' : isKin(iin, dwelling.rka, owners, readings) ? 'kin' : 'neither']++;
    return { ...figures, over: 1, residents: persons.length };
}

const add = (to, from) => { for (const [name, value] of Object.entries(from)) to[name] = (to[name] ?? 0) + value; };

// District -> { dwellings, residents, ..., norms: { norm: figures } }, and the same for all under "total".
function naive(norms, readings, prefix = '') {
    const rows = {};
    for (const dwelling of world.dwellings.filter((row) => row.kato.startsWith(prefix))) {
        for (const name of [dwelling.kato.slice(0, 4), 'total']) {
            rows[name] ??= { norms: Object.fromEntries(norms.map((norm) => [norm, {}])) };
            const row = rows[name];
            add(row, {
                dwellings: 1, residents: registeredIn(dwelling.rka).length,
                without_area: dwelling[`${readings['norm.area_kind']}_area`] === '' ? 1 : 0,
                without_owner: world.ownersOf(dwelling.rka).length === 0 ? 1 : 0,
            });
        }
        for (const norm of norms) {
            const figures = countOne(dwelling, norm, readings);
            add(rows[dwelling.kato.slice(0, 4)].norms[norm], figures);
            add(rows.total.norms[norm], figures);
        }
    }
    return rows;
}

function compare(told, norms, readings, prefix = '') {
    const tried = naive(norms, readings, prefix), now = naive(['15'], readingsOn({}, DAY), prefix);
    assert.deepEqual(told.districts.map((row) => row.kato), Object.keys(tried).filter((name) => name !== 'total').sort());
    for (const row of [...told.districts, { kato: 'total', ...told.total }]) {
        const { kato, norms: byNorm, ...counts } = row;
        const { norms: expected, ...expectedCounts } = tried[kato];
        assert.deepEqual(counts, expectedCounts, `district ${kato}`);
        assert.deepEqual(byNorm.map((n) => n.norm), norms);
        for (const { norm, change, ...figures } of byNorm) {
            assert.deepEqual(figures, expected[norm], `district ${kato}, norm ${norm}`);
            const base = now[kato].norms['15'];
            assert.deepEqual(change, Object.fromEntries(FIGURES.map((name) => [name, figures[name] - base[name]])));
        }
    }
}

// ---- the tests ----

test('three norms over the whole country, as a naive count has them', () => {
    const told = json('--norm', '12,15,18.5');
    assert.equal(told.as_of, DAY);
    assert.equal(told.built_in_norm, '15');
    compare(told, ['12', '15', '18.5'], readingsOn({}, DAY));
    for (const figure of FIGURES) assert.ok(told.total.norms[2][figure] > 0, figure);
});

test('a prefix of the KATO', () => {
    for (const prefix of ['71', '7113', '711310000', '1']) compare(json('--norm', '20', '--kato', prefix), ['20'], readingsOn({}, DAY), prefix);
});

test('the policy as it is changes nothing, in any row', (t) => {
    const shown = run(['policy', 'show']);
    for (const words of [[], ['--policy', policy(t, shown.stdout)]]) {
        const told = json(...words);
        for (const row of [...told.districts, told.total]) {
            assert.deepEqual(row.norms.map((n) => n.norm), ['15']);
            assert.deepEqual(row.norms[0].change, Object.fromEntries(FIGURES.map((name) => [name, 0])));
        }
    }
});

test('readings of kinship and of the area count', (t) => {
    const scope = policy(t, '[in_law.scope]\nvalue = child\nfrom = 1800-01-01\n[norm.area_kind]\nvalue = useful\nfrom = 1800-01-01\n');
    const told = json('--policy', scope);
    compare(told, ['15'], { ...readingsOn({}, DAY), 'in_law.scope': 'child', 'norm.area_kind': 'useful' });
    assert.notEqual(told.total.norms[0].change.over, 0);
    const without = json('--policy', policy(t, '[in_law.scope]\nvalue = none\nfrom = 1800-01-01\n'));
    assert.ok(without.total.norms[0].change.kin < 0);
    assert.equal(without.total.norms[0].change.kin, -without.total.norms[0].change.neither);
    assert.equal(without.total.norms[0].change.over, 0);
    const extended = json('--policy', policy(t, '[statute.extended_kin]\nvalue = on\nfrom = 1800-01-01\n'));
    assert.ok(extended.total.norms[0].change.kin > 0);
});

test('no norm in force: nobody is over it', (t) => {
    const told = json('--policy', policy(t, '[norm.area_per_person]\nvalue = none\nfrom = 1800-01-01\n'));
    assert.equal(told.total.norms[0].norm, null);
    for (const figure of FIGURES) assert.equal(told.total.norms[0][figure], 0);
    assert.ok(told.total.norms[0].change.over < 0);
});

test('the table: figures to the right, every district and norm, the total last', () => {
    const { status, stdout, stderr } = whatif('--norm', '12,15', '--kato', '71');
    const told = json('--norm', '12,15', '--kato', '71');
    assert.equal(status, 0, stderr);
    const lines = stdout.split('\n').slice(2);
    const rows = lines.slice(2, 2 + 2 * (told.districts.length + 1)).map((line) => line.trim().split(/ +/));
    assert.deepEqual(rows.map(([name]) => name), [...told.districts.map((row) => row.kato), 'total'].flatMap((name) => [name, name]));
    const last = told.total.norms[1];
    assert.deepEqual(rows.at(-1).slice(1, 10), ['15', ...[told.total.dwellings, told.total.residents, ...FIGURES.map((name) => last[name])].map(String)]);
    assert.deepEqual(rows.at(-1).slice(10), ['0', '0', '0', '0']);
    assert.equal(new Set(lines.slice(2, 2 + rows.length).map((line) => line.length)).size, 1);
});

test('a prefix that nothing has', () => {
    const told = json('--kato', '99');
    assert.deepEqual(told.districts, []);
    assert.equal(told.total.dwellings, 0);
    const { status, stdout } = whatif('--kato', '99');
    assert.equal(status, 0);
    assert.match(stdout, /^total +15 +0 +0 /m);
});

test('the chart says in words what it shows, and runs nothing', (t) => {
    const file = join(scratch(t), 'chart.svg');
    const { status, stdout, stderr } = whatif('--norm', '12,15,18', '--kato', '71', '--svg', file);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '');
    const svg = readFileSync(file, 'utf8'), told = json('--norm', '12,15,18', '--kato', '71');
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* role="img" aria-labelledby="title desc"/);
    assert.match(svg, new RegExp(`<title id="title">[^<]*${DAY}</title>`));
    assert.match(svg, new RegExp(`<desc id="desc">[^<]*15 m²: ${told.total.norms[1].over} dwellings over the norm with ${told.total.norms[1].residents} residents`));
    assert.doesNotMatch(svg, /script|href|onload|style|url\(/i);
    assert.equal(svg.match(/<rect x=/g).length, 3 * told.districts.length);
    for (const row of told.districts) {
        assert.match(svg, new RegExp(`>${row.kato}</text>`));
        for (const n of row.norms) assert.match(svg, new RegExp(`>${n.residents}</text>`));
    }
});

// Wrong usage: status 2, the reason on standard error, nothing on standard output.
const WRONG = [
    [['--norm', '0'], /'0' is not a norm/],
    [['--norm', '15,,18'], /'' is not a norm/],
    [['--norm', '15,x'], /'x' is not a norm/],
    [['--norm', '1000.01'], /'1000\.01' is not a norm/],
    [['--norm', ''], /'' is not a norm/],
    [['--norm', Array(17).fill('15').join()], /more than 16 norms/],
    [['--kato', ''], /'' is not the beginning of a KATO/],
    [['--kato', '71x'], /'71x' is not the beginning of a KATO/],
    [['--kato', '7113100001'], /is not the beginning of a KATO/],
    [['--json', '--svg', 'chart.svg'], /exclude each other/],
    [['--policy', 'none.ini'], /none\.ini/],
    [['--svg', 'no/such/folder/chart.svg'], /chart\.svg/],
    [['extra'], /unexpected argument 'extra'/],
];
for (const [words, reason] of WRONG) {
    test(`wrong usage: tirkeu whatif ${words.join(' ').slice(0, 40)}`, (t) => {
        const { status, stdout, stderr } = run(['whatif', '--mart', mart, ...words], { cwd: scratch(t) });
        assert.match(stderr, reason);
        assert.equal(stdout, '');
        assert.equal(status, words[0] === '--svg' ? 1 : 2);
    });
}

test('no mart, another file, a damaged one', (t) => {
    const none = join(scratch(t), 'none.mart'), damaged = join(scratch(t), 'damaged.mart');
    assert.match(run(['whatif']).stderr, /option --mart is required/);
    assert.match(run(['whatif', '--mart', none]).stderr, /none\.mart: cannot open/);
    assert.match(run(['whatif', '--mart', join(folder, 'world', 'persons.csv')]).stderr, /is not a kinship mart/);
    const bytes = readFileSync(mart);
    bytes[4096 + 640] ^= 1;
    writeFileSync(damaged, bytes);
    const { status, stdout, stderr } = run(['whatif', '--mart', damaged]);
    assert.match(stderr, /section persons is damaged/);
    assert.deepEqual([status, stdout], [2, '']);
});

test('what the mart cannot tell', (t) => {
    const { status, stdout, stderr } = whatif('--policy', policy(t, '[registered]\nvalue = residence_only\nfrom = 1800-01-01\n'));
    assert.match(stderr, /counts both kinds of registration/);
    assert.deepEqual([status, stdout], [2, '']);
});
