// SPDX-License-Identifier: Apache-2.0
// The whole decision a second time, written from the contract and the order alone, to be compared with `tirkeu decide`.
//
// It is naive on purpose: straight scans over the rows, one function a rule, a note of the reading above each.
// Days are texts like "2026-02-01", which compare as days do.
// Not here: the readings statute.*, the texts of reasons, and which act is missing (compare.mjs checks those that it can).
import { isCompany, isDay, isIdentifier, isNatural, hundredths } from './tables.mjs';
import { reasonsAgainst } from './application.mjs';

export const YES = 'yes', NO = 'no', UNKNOWN = 'unknown';

// Three values: YES beats UNKNOWN beats NO when one is enough; the other way round when all are needed.
const any = (values) => (values.includes(YES) ? YES : values.includes(UNKNOWN) ? UNKNOWN : NO);
const all = (values) => (values.includes(NO) ? NO : values.includes(UNKNOWN) ? UNKNOWN : YES);
const not = (value) => (value === YES ? NO : value === NO ? YES : UNKNOWN);
const tri = (truth) => (truth ? YES : NO);

// ---- readings: every one is a dated setting ----

// Setting -> its time line. `null` from or to: no bound.
export const DEFAULTS = {
    'pilot.in_force': [{ value: 'on', from: '2025-11-11', to: '2026-06-30' }],
    'norm.area_per_person': [{ value: '15', from: '2025-12-26' }],
    'norm.in_hall': 'off',
    'norm.area_kind': 'total',
    'allowed': 'floor',
    'reached': 'at_allowed',
    'registered': 'both_kinds',
    'owners': 'any_living',
    'temporary.office_route': 'as_residence',
    'minor': '18',
    'minor.married': 'minor',
    'owner.legal_entity': 'online',
    'spouse': 'any_in_force',
    'full_sibling': 'both_known',
    'half_sibling': 'named_parent',
    'grandparent': 'named_side',
    'grandchild': 'named_side',
    'in_law.scope': 'child parent full_sibling half_sibling grandparent grandchild',
    'in_law.both_ways': 'off',
    'student': 'full_time',
    'list.zhekemenshik': 'both',
};

// A policy is { setting: [{ value, from, to }, ...] }; a setting that it names has only those spans. On a day outside them
// the pilot or the norm is not in force, and any other setting has its default.
export function readingsOn(policy, day) {
    const readings = {};
    for (const [setting, usual] of Object.entries(DEFAULTS)) {
        const spans = policy[setting] ?? (Array.isArray(usual) ? usual : []);
        const span = spans.find(({ from, to }) => (!from || from <= day) && (!to || day <= to));
        readings[setting] = span ? span.value : Array.isArray(usual) ? null : usual;
    }
    return readings;
}

const edition = (readings) => (readings['pilot.in_force'] === 'on' ? 'pilot-2025' : null);

// ---- facts of one day ----

// Alive on D: born (or no birth date known) and not dead on or before D.
export const alive = (person, day) => (person.born === '' || person.born <= day) && (person.died === '' || person.died > day);

// A row with since and until covers D; an empty since is "always", an empty until "still".
const covers = (row, day) => row.since <= day && (row.until === '' || row.until >= day);

const inAstana = (kato) => kato.startsWith('71');

// ---- kinship: civil acts dated on or before the day, by whoever they concern, living or dead ----

// `acts` is { births, marriages, divorces, persons: Map }, each array null when the register is silent.
function kinOn(acts, readings, day) {
    const birth = (child) => acts.births.find((act) => act.child_iin === child && act.act_date <= day);
    const parent = (child, side) => birth(child)?.[side === 'mother' ? 'mother_iin' : 'father_iin'] || null;
    const isParent = (elder, child) => parent(child, 'mother') === elder || parent(child, 'father') === elder;
    const same = (a, o, side) => parent(a, side) !== null && parent(a, side) === parent(o, side);
    const neither = (a, o, side) => parent(a, side) === null && parent(o, side) === null;
    const sides = (reading, side) => (side === 'either' || reading === 'either_side' ? ['mother', 'father'] : [side]);

    // What A is to O. `side` 'either' is for in-laws, where nobody names a side.
    const blood = {
        child: (a, o) => isParent(o, a),
        parent: (a, o) => isParent(a, o),
        // Both parents known and both the same; by the other reading one suffices where nobody's other parent is on record.
        full_sibling: (a, o) => (same(a, o, 'mother') && same(a, o, 'father')) ||
            (readings.full_sibling === 'known_parents' && ((same(a, o, 'mother') && neither(a, o, 'father')) ||
                (same(a, o, 'father') && neither(a, o, 'mother')))),
        // The named parent is known and the same; by the other reading full siblings are no half siblings.
        half_sibling: (a, o, side) => sides('', side).some((named) => same(a, o, named) &&
            !(readings.half_sibling === 'only_half' && same(a, o, named === 'mother' ? 'father' : 'mother'))),
        // A is a parent of O's parent on the side; O is a parent of A's parent on the side.
        grandparent: (a, o, side) => sides(readings.grandparent, side)
            .some((named) => parent(o, named) !== null && isParent(a, parent(o, named))),
        grandchild: (a, o, side) => sides(readings.grandchild, side)
            .some((named) => parent(a, named) !== null && isParent(o, parent(a, named))),
    };
    const bloodKin = (degree, a, o, side) => (acts.births === null ? UNKNOWN : tri(blood[degree](a, o, side)));

    // A divorce act dated by the day ends the marriage that it numbers; without a number, every marriage of the couple
    // dated on its day or before.
    const couple = (act, x, y) => (act.husband_iin === x && act.wife_iin === y) || (act.husband_iin === y && act.wife_iin === x);
    const ends = (divorce, marriage) => divorce.act_date <= day &&
        (divorce.marriage_act_number !== '' ? divorce.marriage_act_number === marriage.act_number
            : couple(divorce, marriage.husband_iin, marriage.wife_iin) && marriage.act_date <= divorce.act_date);
    // In force: dated by the day, both alive, no divorce. A silent register of divorces leaves it open.
    const inForce = (marriage) => {
        if (marriage.act_date > day) return NO;
        if (!alive(acts.persons.get(marriage.husband_iin), day) || !alive(acts.persons.get(marriage.wife_iin), day)) return NO;
        if (acts.divorces === null) return UNKNOWN;
        return tri(!acts.divorces.some((divorce) => ends(divorce, marriage)));
    };
    const marriagesOf = (person) => acts.marriages.filter((act) => act.husband_iin === person || act.wife_iin === person);
    const several = (person) => marriagesOf(person).filter((act) => inForce(act) === YES).length > 1;
    const married = (x, y) => {
        if (acts.marriages === null) return UNKNOWN;
        const value = any(acts.marriages.filter((act) => couple(act, x, y)).map(inForce));
        return value === YES && readings.spouse === 'only_one' && (several(x) || several(y)) ? NO : value;
    };
    const spousesOf = (person) => marriagesOf(person).map((act) => (act.husband_iin === person ? act.wife_iin : act.husband_iin));

    // In-law: A is one of the degrees in scope to O's present spouse; both ways: A's present spouse is one to O.
    const inLaw = (a, o) => {
        if (acts.marriages === null) return UNKNOWN;
        const scope = readings['in_law.scope'].split(' ');
        const near = (x, y) => any(scope.map((degree) => bloodKin(degree, x, y, 'either')));
        const byOwner = spousesOf(o).filter((spouse) => spouse !== a).map((spouse) => all([married(o, spouse), near(a, spouse)]));
        const byApplicant = readings['in_law.both_ways'] !== 'on' ? []
            : spousesOf(a).filter((spouse) => spouse !== o).map((spouse) => all([married(a, spouse), near(spouse, o)]));
        return any([...byOwner, ...byApplicant]);
    };

    return (degree, a, o, side) => {
        if (degree === 'spouse') return married(a, o);
        if (degree === 'in_law') return inLaw(a, o);
        return bloodKin(degree, a, o, side);
    };
}

export function kinBetween(acts, readings, application, owner) {
    const { day, applicant, relation } = application;
    return kinOn(acts, readings, day)(relation.degree, applicant, owner, relation.side);
}

// ---- owners: 3, 4, 6 ----

function ownerProtected(world, readings, owner, day) {
    const person = world.personByIin.get(owner);
    // Under age on the day: the birthday itself is no longer; 29 February falls on 1 March of a common year. The text
    // "2026-02-29" lies between "2026-02-28" and "2026-03-01", which is what is wanted.
    const comingOfAge = () => `${Number(person.born.slice(0, 4)) + Number(readings.minor)}${person.born.slice(4)}`;
    const young = person.born === '' ? UNKNOWN : tri(day < comingOfAge());
    const everMarried = world.marriages === null ? UNKNOWN
        : tri(world.marriages.some((act) => (act.husband_iin === owner || act.wife_iin === owner) && act.act_date <= day));
    const minor = readings['minor.married'] === 'adult' ? all([young, not(everMarried)]) : young;
    // Incapable by E-Sobes, or by GBD FL saying "no"; a silent E-Sobes leaves it open.
    const byCourt = world.incapacity === null ? UNKNOWN : tri(world.incapacity.some((row) => row.iin === owner && covers(row,
        day)));
    return any([minor, byCourt, tri(person.capable === 'no')]);
}

// Distinct owners on record; null when the register is silent or holds none.
function ownersOf(world, dwelling) {
    if (world.owners === null) return null;
    const owners = [...new Set(world.owners.filter((row) => row.rka === dwelling.rka).map((row) => row.owner))];
    return owners.length === 0 ? null : owners;
}

function anyProtected(world, readings, owners, day) {
    const living = owners.filter((owner) => isNatural(owner) && alive(world.personByIin.get(owner), day));
    const values = living.map((owner) => ownerProtected(world, readings, owner, day));
    if (readings['owner.legal_entity'] === 'hall') values.push(...owners.filter(isCompany).map(() => YES));
    return readings.owners === 'all_living' ? (values.length === 0 ? NO : all(values)) : any(values);
}

// ---- the norm: 10.1 to 10.3 ----

function registeredThere(world, readings, application) {
    const { day, applicant, dwelling } = application;
    return new Set(world.residents
        .filter((row) => row.rka === dwelling && covers(row, day))
        .filter((row) => readings.registered === 'both_kinds' || row.kind === 'residence')
        .map((row) => row.iin)
        .filter((iin) => iin !== applicant && alive(world.personByIin.get(iin), day))).size;
}

// Gives { waiting: paragraph }, or { norm }.
function takeNorm(world, readings, application, dwelling) {
    const perPerson = readings['norm.area_per_person'];
    if (perPerson === null) return { norm: { per_person: null, allowed: null, reached: false } };
    const kind = readings['norm.area_kind'];
    const area = dwelling[`${kind}_area`];
    if (area === '') return { waiting: '10.1' };
    if (world.residents === null) return { waiting: '10.2' };
    const whole = hundredths(area), one = hundredths(perPerson);
    let allowed = (whole - (whole % one)) / one;
    if (readings.allowed === 'at_least_one') allowed = Math.max(allowed, 1);
    const registered = registeredThere(world, readings, application);
    const reached = readings.reached === 'at_allowed' ? registered >= allowed : registered > allowed;
    return { norm: { area: whole, area_kind: kind, per_person: one, allowed, registered, reached } };
}

// ---- the relation: 10.4 to 10.7 ----

function takeRelation(world, readings, application, owners) {
    const { applicant, day, relation } = application;
    if (relation === null) return { outcome: 'choose_relation', paragraph: '10.4' };
    if (relation.degree === 'student') {
        if (world.students === null) return { outcome: 'waiting', paragraph: '10.7' };
        const studies = world.students.some((row) => row.iin === applicant && covers(row, day) && inAstana(row.kato) &&
            (readings.student === 'any_form' || row.form === 'full_time'));
        return { outcome: studies ? 'to_coupon' : 'study_not_confirmed', paragraph: '10.7' };
    }
    if (owners === null) return { outcome: 'waiting', paragraph: '9' };
    const confirmed = (value, code) => ({
        outcome: value ? 'to_coupon' : 'kinship_not_confirmed',
        paragraph: '10.6',
        kinship: { confirmed: value, degree: relation.degree },
        codes: value ? [] : code,
    });
    if (relation.degree === 'owner') return confirmed(owners.includes(applicant), ['not_an_owner']);
    // Kin of any owner who is a natural person, living or dead; nobody is kin to himself.
    const acts = { births: world.births, marriages: world.marriages, divorces: world.divorces, persons: world.personByIin };
    const value = any(owners.filter((owner) => isNatural(owner) && owner !== applicant)
        .map((owner) => kinBetween(acts, readings, application, owner)));
    return value === UNKNOWN ? { outcome: 'waiting', paragraph: '10.5' } : confirmed(value === YES, []);
}

// The steps of item 10, once the dwelling is known to be in Astana.
function takeItem10(world, readings, application, dwelling, owners) {
    const { waiting, norm } = takeNorm(world, readings, application, dwelling);
    if (waiting) return { outcome: 'waiting', paragraph: waiting };
    if (!norm.reached) {
        return { outcome: 'to_coupon', paragraph: '10.3', norm, codes: norm.allowed === null ? ['no_norm_in_force'] : [] };
    }
    return { norm, ...takeRelation(world, readings, application, owners) };
}

// ---- the order of the checks: pilot, owners, outside Astana, norm, relation ----

export function decide(world, policy, application) {
    const { day, channel } = application;
    const readings = readingsOn(policy, day);
    if (edition(readings) === null) return { outcome: 'pilot_not_in_force', paragraph: 'order 6' };

    const dwelling = world.dwellingByRka.get(application.dwelling);
    const astana = dwelling.kato === '' ? UNKNOWN : tri(inAstana(dwelling.kato));
    const owners = ownersOf(world, dwelling);
    const elsewhere = application.service === 'temporary' && readings['temporary.office_route'] === 'online';
    const waiting = (paragraph) => ({ outcome: 'waiting', paragraph });

    let sheltered = NO;
    if (!elsewhere) {
        if (owners === null) return waiting({ reception: '3', hall: '6' }[channel] ?? (astana === YES ? '9' : '1'));
        sheltered = anyProtected(world, readings, owners, day);
        if (sheltered === UNKNOWN) return waiting(channel === 'hall' ? '6' : '4');
    }
    if (channel === 'reception') {
        return sheltered === YES ? { outcome: 'to_operations_hall', paragraph: '4' } : { outcome: 'to_online', paragraph: '5' };
    }
    if (channel === 'hall') {
        if (sheltered === NO) return { outcome: 'refuse_use_online', paragraph: '8' };
        const accept = { outcome: 'accept_in_hall', paragraph: '7' };
        if (readings['norm.in_hall'] === 'off' || astana === NO) return accept;
        if (astana === UNKNOWN) return waiting('9');
        const further = takeItem10(world, readings, application, dwelling, owners);
        return further.outcome === 'to_coupon' ? { ...further, ...accept } : further;
    }
    if (sheltered === YES) return { outcome: 'to_operations_hall', paragraph: astana === YES ? '9' : '4' };
    if (astana === UNKNOWN) return waiting('9');
    if (astana === NO) return { outcome: 'to_coupon', paragraph: '1' };
    return takeItem10(world, readings, application, dwelling, owners);
}

// ---- one line ----

// Gives null for a blank line, else the expected decision. For an invalid one `fields` are those that may be named
// (null: any or none), and `line` is set when the line is no object at all.
export function decideLine(world, policy, bytes, number) {
    const { blank, object, id, faults, application } = reasonsAgainst(bytes, number === 1, {
        person: (iin) => world.personByIin.get(iin),
        dwelling: (rka) => world.dwellingByRka.get(rka),
        alive, isIdentifier, isDay,
        offered: (degree, day) => {
            const choice = readingsOn(policy, day)['list.zhekemenshik'];
            return choice === 'both' || (degree !== 'owner' && degree !== 'in_law') || degree === choice;
        },
    });
    if (blank) return null;
    if (!object) return { id: null, outcome: 'invalid', paragraph: null, edition: null, fields: null, line: number };
    const inForce = isDay(application.day) ? edition(readingsOn(policy, application.day)) : null;
    if (faults.length > 0) return { id, outcome: 'invalid', paragraph: null, edition: inForce, fields: faults };
    return { id, edition: inForce, codes: [], ...decide(world, policy, application) };
}
