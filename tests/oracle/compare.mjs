// SPDX-License-Identifier: Apache-2.0
// node tests/oracle/compare.mjs --tirkeu build/tirkeu [--decisions N] [--seed S] [--per-world N] [--show N] [--tally]
// Runs `tirkeu decide` over random worlds and holds every decision against the oracle. Worlds that differ are kept.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alive, decideLine, kinBetween, readingsOn, YES } from './oracle.mjs';
import { loadWorld, hundredths, isNatural } from './tables.mjs';
import { Random, policyText, randomApplications, randomPolicy, randomWorld, worldTexts } from './random.mjs';

// ---- one decision ----

const NAMED_CODES = ['no_norm_in_force', 'not_an_owner'];

function* normFaults(expected, got) {
    if ((expected === undefined) !== (got === undefined)) {
        yield `norm is ${got === undefined ? 'absent' : 'there'}, which it should not be`;
        return;
    }
    if (expected === undefined) return;
    for (const [name, value] of Object.entries(expected)) {
        const hundred = (name === 'area' || name === 'per_person') && value !== null;
        if (hundred ? typeof got[name] !== 'string' || hundredths(got[name]) !== value : got[name] !== value) {
            yield `norm.${name} is ${JSON.stringify(got[name])}, not ${hundred ? value / 100 : value}`;
        }
        if (name === 'area' && !/^[0-9]+\.[0-9]{2}$/.test(got[name])) yield `norm.area ${got[name]} has not two decimals`;
    }
}

// The acts that a proof cites, and nothing else, must make the applicant the owner's kin; each of them must be needed;
// and every two neighbours in the chain of persons must stand in one of them.
function* proofFaults(world, policy, application, kinship) {
    const { applicant, dwelling, day, relation } = application;
    const { persons, acts } = kinship;
    if (!Array.isArray(persons) || !Array.isArray(acts)) { yield 'a proof without persons or acts'; return; }
    if (persons[0] !== applicant) yield 'the proof does not begin with the applicant';
    if (relation.degree === 'owner') {
        if (persons.length !== 1 || acts.length !== 0) yield 'the proof of an owner is not the applicant alone';
        return;
    }
    const owner = persons.at(-1);
    if (owner === applicant || !isNatural(owner) || !world.owners.some((row) => row.rka === dwelling && row.owner === owner)) {
        yield 'the proof does not end with an owner';
        return;
    }
    const cited = { birth: [], marriage: [] };
    for (const text of acts) {
        const [kind, number] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)];
        const act = { birth: world.births,
            marriage: world.marriages }[kind]?.find((row) => row.act_number === number && row.act_date <= day);
        if (!act) { yield `the proof cites ${text}, which is not on record on the day`; return; }
        if (cited[kind].includes(act)) yield `the proof cites ${text} twice`;
        cited[kind].push(act);
    }
    const readings = readingsOn(policy, day);
    const proves = (births, marriages) => kinBetween({ births, marriages, divorces: world.divorces, persons: world.personByIin },
        readings, application, owner) === YES;
    if (!proves(cited.birth, cited.marriage)) { yield 'the acts cited do not prove it'; return; }
    const without = (list, act) => list.filter((other) => other !== act);
    for (const act of cited.birth) {
        if (proves(without(cited.birth, act), cited.marriage)) yield `birth ${act.act_number} is not needed`;
    }
    for (const act of cited.marriage) {
        if (proves(cited.birth, without(cited.marriage, act))) yield `marriage ${act.act_number} is not needed`;
    }
    const named = [...cited.birth, ...cited.marriage].map((act) => Object.values(act));
    for (let i = 1; i < persons.length; i++) {
        const [x, y] = [persons[i - 1], persons[i]];
        if (!named.some((act) => act.includes(x) && act.includes(y))) yield `no act cited links ${x} and ${y}`;
    }
}

// What is said to be missing must be so; a code that is not in this table is not checked.
function* missingFaults(world, application, missing) {
    const { applicant, dwelling, day, relation } = application;
    if (!Array.isArray(missing) || missing.length === 0) { yield 'kinship.missing is empty'; return; }
    const naturals = world.owners.filter((row) => row.rka === dwelling && isNatural(row.owner)).map((row) => row.owner);
    const birth = (person) => world.births?.find((act) => act.child_iin === person && act.act_date <= day);
    const died = (person) => !alive(world.personByIin.get(person), day);
    const holds = {
        no_birth_act: (person) => world.births !== null && !birth(person),
        no_mother_on_record: (person) => birth(person)?.mother_iin === '',
        no_father_on_record: (person) => birth(person)?.father_iin === '',
        not_so_by_the_acts: (person) => naturals.includes(person),
        no_natural_owner: () => naturals.length === 0,
        only_owner_is_applicant: () => naturals.length > 0 && naturals.every((owner) => owner === applicant),
        spouse_not_alive: (person) => died(person),
        marriage_ended: () => world.divorces !== null && world.divorces.some((act) => act.act_date <= day),
    };
    for (const { code, person } of missing) {
        if (typeof code !== 'string' || code === '') yield 'kinship.missing has an entry without a code';
        else if (relation.degree !== 'owner' && holds[code] && !holds[code](person)) {
            yield `kinship.missing says ${code} of ${person}, which is not so`;
        }
    }
}

function* kinshipFaults(world, policy, application, expected, got) {
    if ((expected === undefined) !== (got === undefined)) {
        yield `kinship is ${got === undefined ? 'absent' : 'there'}, which it should not be`;
        return;
    }
    if (expected === undefined) return;
    for (const name of ['confirmed',
        'degree']) if (got[name] !== expected[name]) yield `kinship.${name} is ${got[name]}, not ${expected[name]}`;
    if (got.confirmed === true) yield* proofFaults(world, policy, application, got);
    else yield* missingFaults(world, application, got.missing);
}

function* reasonFaults(expected, got) {
    const { reasons } = got;
    if (!Array.isArray(reasons) || reasons.length === 0) { yield 'no reasons'; return; }
    if (!reasons.every((reason) => /^[a-z][a-z0-9_]*$/.test(reason.code ?? ''))) yield 'a reason without a code';
    if (expected.outcome === 'invalid') {
        const { fields } = expected;
        if (fields === null || fields.some((field) => field.endsWith(' key'))) return;
        // "relation.side" and "side" name the same place.
        const near = (field) => fields.includes(field) || fields.some((other) => field === `relation.${other}`) ||
            (field === 'relation.degree' && fields.includes('relation'));
        const wrong = reasons.map((reason) => reason.field).filter((field) => !near(field));
        if (wrong.length > 0) yield `reasons name field ${wrong.join()}, at fault is ${fields.join()}`;
        return;
    }
    for (const code of NAMED_CODES) {
        const there = reasons.some((reason) => reason.code === code);
        if (expected.outcome === 'accept_in_hall') continue;
        if (there !== expected.codes.includes(code)) yield `reason ${code} is ${there ? 'there' : 'missing'}`;
    }
}

function* faultsOf(world, policy, line, expected, got) {
    for (const name of ['id', 'outcome', 'paragraph', 'edition']) {
        if (got[name] !== expected[name]) yield `${name} is ${JSON.stringify(got[name])}, not ${JSON.stringify(expected[name])}`;
    }
    if (expected.line !== undefined && got.line !== expected.line) yield `line is ${got.line}, not ${expected.line}`;
    if (got.outcome !== expected.outcome) return;
    const application = expected.outcome === 'invalid' ? null : JSON.parse(line.toString().replace(/^\ufeff/, ''));
    yield* reasonFaults(expected, got);
    yield* normFaults(expected.norm, got.norm);
    yield* kinshipFaults(world, policy, application, expected.kinship, got.kinship);
}

// ---- one world ----

function* linesOf(bytes) {
    for (let at = 0, end; at < bytes.length; at = end + 1) {
        end = bytes.indexOf(0x0a, at);
        if (end < 0) end = bytes.length;
        yield bytes.subarray(at, end);
    }
}

function writeCase(folder, seed, count) {
    const r = new Random(seed);
    const world = randomWorld(r);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(worldTexts(r, world))) writeFileSync(join(folder, `${file}.csv`), text);
    const policy = r.chance(0.5) ? randomPolicy(r) : {};
    const applications = randomApplications(r, world, count);
    writeFileSync(join(folder, 'policy.ini'), policyText(policy));
    writeFileSync(join(folder, 'applications.jsonl'), applications);
    return { policy, applications };
}

function runTirkeu(tirkeu, folder, policy) {
    const args = ['decide', '--world', folder];
    if (Object.keys(policy).length > 0) args.push('--policy', join(folder, 'policy.ini'));
    const run = spawnSync(tirkeu, [...args, join(folder, 'applications.jsonl')], { maxBuffer: 1 << 30 });
    if (run.error) {
        console.error(`${tirkeu} cannot be run: ${run.error.message}`);
        process.exit(2);
    }
    return run;
}

// Gives the number of decisions that agree, and reports the others.
function compareWorld(options, folder, seed, report, tally) {
    const { policy, applications } = writeCase(folder, seed, options.perWorld);
    const world = loadWorld(folder);
    const expected = [];
    let number = 0;
    for (const line of linesOf(applications)) {
        number++;
        const decision = decideLine(world, policy, line, number);
        if (decision !== null) expected.push({ number, line, decision });
    }
    const run = runTirkeu(options.tirkeu, folder, policy);
    const status = expected.some(({ decision }) => decision.outcome === 'invalid') ? 1 : 0;
    if (run.status !== status) {
        report(`exit status ${run.status ?? run.signal}, not ${status}: ${run.stderr.toString().slice(0, 400)}`);
    }
    const output = run.stdout.toString().split('\n');
    if (output.pop() !== '') report('the output does not end in a newline');
    if (output.length !== expected.length) report(`${output.length} decisions for ${expected.length} applications`);
    let passed = 0;
    for (let i = 0; i < expected.length; i++) {
        const { line, decision } = expected[i];
        let got;
        try { got = JSON.parse(output[i]); } catch { got = {}; }
        const faults = [...faultsOf(world, policy, line, decision, got)];
        if (faults.length === 0) passed++;
        else {
            report([`line ${expected[i].number}: ${faults.join('; ')}`, `  application ${line.toString().slice(0, 400)}`,
                `  expected    ${JSON.stringify(decision)}`, `  got         ${output[i]}`].join('\n'));
        }
        const key = `${decision.outcome} ${decision.paragraph ?? ''} ${decision.kinship?.degree ?? ''}`;
        tally.set(key, (tally.get(key) ?? 0) + 1);
    }
    return { passed, total: expected.length };
}

function main() {
    const text = (usual) => ({ type: 'string', default: usual });
    const { values } = parseArgs({ options: { tirkeu: text('build/tirkeu'), decisions: text('200000'), seed: text('1'),
        'per-world': text('400'), show: text('10'), tally: { type: 'boolean', default: false } } });
    const options = { tirkeu: values.tirkeu, perWorld: Number(values['per-world']) };
    const scratch = mkdtempSync(join(tmpdir(), 'tirkeu-oracle-'));
    const tally = new Map();
    let passed = 0, total = 0, failed = 0, shown = 0, lastNote = Date.now();
    for (let world = 0; total < Number(values.decisions); world++) {
        const seed = (Number(values.seed) * 1000003 + world) >>> 0;
        const folder = join(scratch, String(seed));
        let faults = 0;
        const result = compareWorld(options, folder, seed, (text) => {
            faults++;
            if (shown++ < Number(values.show)) console.log(`${folder}: ${text}`);
        }, tally);
        passed += result.passed;
        total += result.total;
        failed += faults;
        if (faults === 0 || shown - faults >= Number(values.show)) rmSync(folder, { recursive: true });
        if (Date.now() - lastNote > 10000) { lastNote = Date.now(); console.error(`${total} decisions, ${failed} differences`); }
    }
    if (failed === 0) rmSync(scratch, { recursive: true });
    if (values.tally) for (const [key, count] of [...tally].sort()) console.log(`${String(count).padStart(9)}  ${key}`);
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
}

main();
