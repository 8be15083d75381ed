// SPDX-License-Identifier: Apache-2.0
// Random policies, and files of applications over a random world. The same seed gives the same bytes.
import { dayAfter, dayBetween, EDGES, nearDay, ODD_DAYS } from './chance.mjs';
import { spoil } from './spoil.mjs';

export { Random } from './chance.mjs';
export { randomWorld, worldTexts } from './random_world.mjs';

// ---- policies ----

const DEGREES_IN_SCOPE = ['child', 'parent', 'full_sibling', 'half_sibling', 'grandparent', 'grandchild'];
const OTHER_READINGS = {
    'norm.area_per_person': ['15', '12.5', '18.25', '9', '0.01', '120'],
    'norm.in_hall': ['on'],
    'norm.area_kind': ['useful'],
    'allowed': ['at_least_one'],
    'reached': ['above_allowed'],
    'registered': ['residence_only'],
    'owners': ['all_living'],
    'temporary.office_route': ['online'],
    'minor': ['16', '21', '14'],
    'minor.married': ['adult'],
    'owner.legal_entity': ['hall'],
    'spouse': ['only_one'],
    'full_sibling': ['known_parents'],
    'half_sibling': ['only_half'],
    'grandparent': ['either_side'],
    'grandchild': ['either_side'],
    'in_law.scope': null,    // any of the degrees
    'in_law.both_ways': ['on'],
    'student': ['any_form'],
    'list.zhekemenshik': ['in_law', 'owner'],
    'pilot.in_force': ['on'],
};

export function randomPolicy(r) {
    const policy = {};
    const settings = Object.keys(OTHER_READINGS);
    for (let i = r.between(2, 12); i > 0; i--) {
        const setting = r.pick(settings);
        if (setting === 'pilot.in_force' && r.chance(0.7)) continue;
        const value = () => (setting === 'in_law.scope' ? DEGREES_IN_SCOPE.filter(() => r.chance(0.5)).join(' ') || 'child'
            : r.pick(OTHER_READINGS[setting]));
        const from = r.chance(0.75) ? '2025-01-01' : nearDay(r);
        const spans = [{ value: value(), from }];
        if (r.chance(0.3)) {
            spans[0].to = dayAfter(from, r.int(200));
            if (r.chance(0.5)) spans.push({ value: value(), from: dayAfter(spans[0].to, r.between(1, 40)) });
        }
        policy[setting] = spans;
    }
    return policy;
}

export function policyText(policy) {
    const spanText = ({ value, from, to }) => `value = ${value}\nfrom = ${from}\n${to ? `to = ${to}\n` : ''}`;
    return Object.entries(policy).map(([setting, spans]) => `[${setting}]\n${spans.map(spanText).join('')}`).join('\n');
}

// ---- applications ----

const DEGREES = ['child', 'parent', 'spouse', 'full_sibling', 'half_sibling', 'grandparent', 'grandchild', 'in_law'];
const SIDED = ['half_sibling', 'grandparent', 'grandchild'];

// From the owner along acts to somebody near, so that most pairs are related somehow. The path has a letter a step: m and f up
// to a parent, M and F down from a mother or father, s to a spouse.
function somebodyNear(r, world, owner) {
    const births = world.births ?? [], marriages = world.marriages ?? [];
    let at = owner, path = '';
    for (let steps = r.between(1, 3); steps > 0; steps--) {
        const next = [];
        for (const act of births) {
            if (act.child_iin === at) next.push(['m', act.mother_iin], ['f', act.father_iin]);
            if (act.mother_iin === at) next.push(['M', act.child_iin]);
            if (act.father_iin === at) next.push(['F', act.child_iin]);
        }
        for (const act of marriages) {
            const spouse = act.husband_iin === at ? act.wife_iin : act.wife_iin === at ? act.husband_iin : '';
            next.push(['s', spouse], ['s', spouse], ['s', spouse]);
        }
        const known = next.filter(([, iin]) => iin !== '' && iin !== owner);
        if (known.length === 0) break;
        const [letter, iin] = r.pick(known);
        at = iin;
        path += letter;
    }
    return { iin: at, path };
}

// The relation that such a path makes likely.
function likelyRelation(r, path) {
    const side = (letter) => (letter.toLowerCase() === 'm' ? 'mother' : 'father');
    if (/^[mf]$/.test(path)) return { degree: 'parent' };
    if (/^[MF]$/.test(path)) return { degree: 'child' };
    if (path === 's') return { degree: r.chance(0.8) ? 'spouse' : 'in_law' };
    if (/^[mf][MF]$/.test(path)) return r.chance(0.5) ? { degree: 'full_sibling' } : { degree: 'half_sibling',
        side: side(path[0]) };
    if (/^[mf][mf]$/.test(path)) return { degree: 'grandparent', side: side(path[0]) };
    if (/^[MF][MF]$/.test(path)) return { degree: 'grandchild', side: side(path[1]) };
    return { degree: 'in_law' };
}

// Days on which something in the world changes, and the days beside them.
function turningDays(world) {
    const days = new Set();
    const add = (day) => { for (const by of [-1, 0, 1]) if (day) days.add(dayAfter(day, by)); };
    for (const rows of Object.values(world)) {
        for (const row of rows ?? []) for (const column of ['born', 'died', 'act_date', 'since', 'until']) add(row[column]);
    }
    for (const { born } of world.persons.filter((person) => person.born !== '')) {
        const [year, month, day] = born.split('-').map(Number);
        for (const years of [14, 16, 18, 21]) add(dayAfter(`${year + years}-${String(month).padStart(2, '0')}-01`, day - 1));
    }
    const near = [...days].filter((day) => day >= '2025-11-01' && day <= '2026-07-10').sort();
    return near.length > 0 ? near : ['2026-02-01'];
}

function randomDay(r, turning) {
    const kind = r.int(20);
    if (kind < 8) return r.pick(turning);
    if (kind < 10) return r.pick(EDGES);
    if (kind === 10) return r.chance(0.3) ? r.pick(ODD_DAYS) : dayBetween(r, '2025-11-01', '2026-07-10');
    return dayBetween(r, '2025-12-26', '2026-06-30');
}

function randomRelation(r, path) {
    if (r.chance(0.06)) return null;
    if (path !== '' && r.chance(0.6)) return likelyRelation(r, path);
    const degree = r.chance(0.75) ? r.pick(DEGREES) : r.pick(['owner', 'student']);
    return { degree, ...(SIDED.includes(degree) ? { side: r.pick(['mother', 'father']) } : r.chance(0.2) ? { side: null } : {}) };
}

function randomApplication(r, world, persons, turning, number) {
    const day = randomDay(r, turning);
    const dwelling = r.pick(world.dwellings).rka;
    const naturals = (world.owners ?? []).filter((row) => row.rka === dwelling && persons.has(row.owner)).map((row) => row.owner);
    let applicant, path;
    for (let tries = 0; tries < 4; tries++) {
        path = '';
        if (r.chance(0.08) && naturals.length > 0) applicant = r.pick(naturals);
        else if (r.chance(0.85) && naturals.length > 0) ({ iin: applicant, path } = somebodyNear(r, world, r.pick(naturals)));
        else applicant = r.pick(world.persons).iin;
        const { born, died } = persons.get(applicant);
        if (born <= day && (died === '' || died > day)) break;
    }
    return { id: `a${number}`, service: r.pick(['residence', 'temporary']), day, applicant, dwelling,
        channel: r.chance(0.15) ? r.pick(['reception', 'hall']) : r.pick(['portal', 'mobile']), relation: randomRelation(r,
            path) };
}

// Gives the bytes of a file of applications; about one in ten is wrong in some way.
export function randomApplications(r, world, count) {
    const persons = new Map(world.persons.map((person) => [person.iin, person]));
    const turning = turningDays(world);
    const lines = [];
    for (let number = 1; number <= count; number++) {
        const application = randomApplication(r, world, persons, turning, number);
        lines.push(r.chance(0.1) ? spoil(r, application) : Buffer.from(JSON.stringify(application)));
        if (r.chance(0.005)) lines.push(Buffer.from(r.pick(['', ' ', '\t'])));
    }
    const end = Buffer.from(r.chance(0.15) ? '\r\n' : '\n');
    const parts = lines.flatMap((line) => [line, end]);
    if (r.chance(0.1)) parts.pop();
    if (r.chance(0.1)) parts.unshift(Buffer.from('\ufeff'));
    return Buffer.concat(parts);
}
