// SPDX-License-Identifier: Apache-2.0
// node tests/oracle/self_test.mjs: the oracle against cases written by hand from the contract. The last line counts them.
import { decideLine } from './oracle.mjs';
import { checkDigit, isDay, isIdentifier, readCsv, worldFromTexts, hundredths } from './tables.mjs';
import { hasRepeatedKey } from './application.mjs';

// ---- a world in few words: names stand for IINs ----

const NAMES = ['anna', 'olga', 'ivan', 'mara', 'boris', 'vera', 'gleb', 'dina', 'egor', 'zoya'];
const iinOf = (name) => {
    const body = (fifth) => `8501${fifth}130${String(NAMES.indexOf(name) + 10).padStart(3, '0')}`;
    if (name === 'company') return '850140000011'.slice(0, 11) + checkDigit('85014000001');
    for (const fifth of ['1', '2', '0', '3']) if (checkDigit(body(fifth)) < 10) return body(fifth) + checkDigit(body(fifth));
    throw new Error(name);
};
const COLUMNS = {
    persons: 'iin,born,died,capable',
    births: 'act_number,act_date,child_iin,mother_iin,father_iin',
    marriages: 'act_number,act_date,husband_iin,wife_iin',
    divorces: 'act_number,act_date,husband_iin,wife_iin,marriage_act_number',
    dwellings: 'rka,kato,total_area,useful_area',
    owners: 'rka,owner',
    residents: 'rka,iin,kind,since,until',
    incapacity: 'iin,since,until',
    students: 'iin,register,kato,form,since,until',
};
// A row is words; "-" is an empty field, a name its IIN.
const cell = (word) => (word === '-' ? '' : NAMES.includes(word) || word === 'company' ? iinOf(word) : word);
const csv = (columns, rows) => [columns, ...rows.map((row) => row.split(' ').map(cell).join(','))].join('\n') + '\n';

// By default: a flat of Olga's in Astana, 45 m2, where three live, so the norm is reached; all born 1985, all registers answer.
const USUAL = {
    persons: [], births: [], marriages: [], divorces: [], incapacity: [], students: [],
    dwellings: ['flat 711310000 45 29.99'],
    owners: ['flat olga'],
    residents: ['flat vera residence - -', 'flat gleb temporary 2020-01-01 2026-12-31', 'flat dina residence - -'],
};
function makeWorld(changes) {
    const rows = { ...USUAL, ...changes };
    const given = rows.persons.map((row) => row.split(' ')[0]);
    rows.persons = [...rows.persons, ...NAMES.filter((name) => !given.includes(name)).map((name) => `${name} 1985-01-13 - yes`)];
    return worldFromTexts(Object.fromEntries(Object.entries(rows).filter(([, list]) => list !== null)
        .map(([file, list]) => [file, csv(COLUMNS[file], list)])));
}
const APPLICATION = { id: 'a', service: 'residence', channel: 'portal', day: '2026-02-01', applicant: 'anna', dwelling: 'flat',
    relation: null };

let passed = 0, failed = 0;
function same(what, expected, got) {
    if (JSON.stringify(expected) === JSON.stringify(got)) { passed++; return; }
    failed++;
    console.log(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
}
function decideText(world, policy, text, number = 1) { return decideLine(world, policy, Buffer.from(text), number); }
// what, changes to the world, changes to the application, "outcome paragraph", policy as { setting: value }
function check(what, world, application, expected, policy = {}) {
    const full = { ...APPLICATION, ...application };
    full.applicant = cell(full.applicant);
    const spans = Object.fromEntries(Object.entries(policy).map(([setting, value]) => [setting, [{ value,
        from: '1800-01-01' }]]));
    const decision = decideText(makeWorld(world), spans, JSON.stringify(full));
    same(what, expected, `${decision.outcome} ${decision.paragraph}`);
    return decision;
}
const as = (degree, side) => ({ relation: side ? { degree, side } : { degree } });
const invalid = (what, application, policy) => check(what, {}, application, 'invalid null', policy);

// ---- the day and the pilot ----
check('the day before the pilot', {}, { day: '2025-11-10' }, 'pilot_not_in_force order 6');
check('its first day', {}, { day: '2025-11-11' }, 'to_coupon 10.3');
check('its last day', {}, { day: '2026-06-30' }, 'choose_relation 10.4');
check('the day after', {}, { day: '2026-07-01' }, 'pilot_not_in_force order 6');
check('no norm before 26 December 2025, whoever is silent', { residents: null }, { day: '2025-12-25' }, 'to_coupon 10.3');
check('the norm from 26 December 2025', {}, { day: '2025-12-26' }, 'choose_relation 10.4');

// ---- owners: 3 to 9 ----
const minor = { persons: ['olga 2008-02-02 - yes'] };
check('reception: an adult owner', {}, { channel: 'reception' }, 'to_online 5');
check('reception: a minor on the eve of 18', minor, { channel: 'reception' }, 'to_operations_hall 4');
check('reception: 18 today', minor, { channel: 'reception', day: '2026-02-02' }, 'to_online 5');
check('29 February: still 17 on 28 February', { persons: ['olga 2008-02-29 - yes'] }, { channel: 'hall', day: '2026-02-28' },
    'accept_in_hall 7');
check('29 February: 18 on 1 March', { persons: ['olga 2008-02-29 - yes'] }, { channel: 'hall', day: '2026-03-01' },
    'refuse_use_online 8');
check('portal: a minor owner in Astana', minor, {}, 'to_operations_hall 9');
check('portal: a minor owner elsewhere', { ...minor, dwellings: ['flat 750000000 45 -'] }, {}, 'to_operations_hall 4');
check('hall: incapable by GBD FL though E-Sobes is silent', { persons: ['olga 1985-01-13 - no'], incapacity: null },
    { channel: 'hall' }, 'accept_in_hall 7');
check('hall: E-Sobes silent, capable by GBD FL', { incapacity: null }, { channel: 'hall' }, 'waiting 6');
check('hall: E-Sobes has nothing, capable empty', { persons: ['olga 1985-01-13 - -'] }, { channel: 'hall' },
    'refuse_use_online 8');
check('hall: limited is not incapable', { persons: ['olga 1985-01-13 - limited'] }, { channel: 'hall' }, 'refuse_use_online 8');
check('hall: incapable until today', { incapacity: ['olga - 2026-02-01'] }, { channel: 'hall' }, 'accept_in_hall 7');
check('hall: incapable until yesterday', { incapacity: ['olga - 2026-01-31'] }, { channel: 'hall' }, 'refuse_use_online 8');
check('owner without birth date', { persons: ['olga - - yes'] }, {}, 'waiting 4');
check('one minor owner is enough though another has no birth date', { persons: ['olga - - yes', 'ivan 2015-01-01 - yes'],
    owners: ['flat olga', 'flat ivan'] },
    {}, 'to_operations_hall 9');
check('a dead minor does not count', { persons: ['olga 2015-01-01 2026-02-01 yes'] }, { channel: 'reception' }, 'to_online 5');
check('a company does not count', { owners: ['flat company'] }, { channel: 'reception' }, 'to_online 5');
check('a company counts by the other reading', { owners: ['flat company'] }, { channel: 'reception' }, 'to_operations_hall 4',
    { 'owner.legal_entity': 'hall' });
check('all owners must be minors by the other reading', { ...minor, owners: ['flat olga', 'flat ivan'] }, { channel: 'hall' },
    'refuse_use_online 8',
    { owners: 'all_living' });
check('a married minor is an adult by the other reading', { ...minor, marriages: ['1 2026-01-01 ivan olga'] },
    { channel: 'hall' }, 'refuse_use_online 8',
    { 'minor.married': 'adult' });
for (const [channel, kato, paragraph] of [['reception', '711310000', 3], ['hall', '711310000', 6], ['portal', '711310000', 9],
    ['portal', '750000000', 1], ['mobile', '-', 1]]) {
    check(`no owner on record, ${channel} ${kato}`, { owners: [], dwellings: [`flat ${kato} 45 -`] }, { channel },
        `waiting ${paragraph}`);
    check(`owners silent, ${channel} ${kato}`, { owners: null, dwellings: [`flat ${kato} 45 -`] }, { channel },
        `waiting ${paragraph}`);
}
check('temporary, never to the hall by the other reading', minor, { service: 'temporary', channel: 'hall' },
    'refuse_use_online 8',
    { 'temporary.office_route': 'online' });

// ---- where, and the norm: 9, 10.1 to 10.3 ----
check('outside Astana', { dwellings: ['flat 750000000 - -'] }, {}, 'to_coupon 1');
check('no KATO on record', { dwellings: ['flat - 45 -'] }, {}, 'waiting 9');
check('no area on record', { dwellings: ['flat 711310000 - 45'] }, {}, 'waiting 10.1');
check('nobody can say who is registered', { residents: null, dwellings: ['flat 711310000 1 -'] }, {}, 'waiting 10.2');
const norm = check('45 m2 is three persons', {}, {}, 'choose_relation 10.4').norm;
same('the norm of 45 m2', { area: 4500, area_kind: 'total', per_person: 1500, allowed: 3, registered: 3, reached: true }, norm);
check('60 m2 is four', { dwellings: ['flat 711310000 60.00 -'] }, {}, 'to_coupon 10.3');
check('59.99 m2 is three', { dwellings: ['flat 711310000 59.99 -'] }, {}, 'choose_relation 10.4');
check('the applicant is not counted', { residents: [...USUAL.residents.slice(1), 'flat anna residence - -'] }, {},
    'to_coupon 10.3');
check('nobody is counted twice', { residents: [...USUAL.residents.slice(1), 'flat gleb residence - -'] }, {}, 'to_coupon 10.3');
check('the dead are not counted', { persons: ['vera 1985-01-13 2026-02-01 yes'] }, {}, 'to_coupon 10.3');
check('14 m2 and nobody there: nobody is allowed', { dwellings: ['flat 711310000 14 -'], residents: [] }, {},
    'choose_relation 10.4');
check('at least one by the other reading', { dwellings: ['flat 711310000 14 -'], residents: [] }, {}, 'to_coupon 10.3',
    { allowed: 'at_least_one' });
check('above what is allowed by the other reading', {}, {}, 'to_coupon 10.3', { reached: 'above_allowed' });
check('residence alone by the other reading', {}, {}, 'to_coupon 10.3', { registered: 'residence_only' });
same('useful area by the other reading', 1, check('useful area', {}, {}, 'choose_relation 10.4',
    { 'norm.area_kind': 'useful' }).norm.allowed);

// ---- relation: 10.4 to 10.7 ----
check('owner', { owners: ['flat olga', 'flat anna'] }, as('owner'), 'to_coupon 10.6');
same('no owner', ['not_an_owner'], check('not the owner', {}, as('owner'), 'kinship_not_confirmed 10.6').codes);
check('an owner is no kin of himself', { owners: ['flat anna'], births: ['1 1985-02-01 anna mara boris'] }, as('full_sibling'),
    'kinship_not_confirmed 10.6');
check('kin of a dead co-owner', { owners: ['flat company', 'flat olga'], persons: ['olga 1950-01-01 2000-01-01 yes'],
    births: ['1 1985-02-01 anna olga -'] },
    as('child'), 'to_coupon 10.6');
check('parent', { births: ['1 1985-02-01 olga vera anna'] }, as('parent'), 'to_coupon 10.6');
check('an act dated tomorrow', { births: ['1 2026-02-02 anna olga -'] }, as('child'), 'kinship_not_confirmed 10.6');
check('births silent', { births: null }, as('child'), 'waiting 10.5');
const siblings = (anna, olga) => ({ births: [`1 1985-02-01 anna ${anna}`, `2 1985-02-01 olga ${olga}`] });
check('full sister', siblings('mara boris', 'mara boris'), as('full_sibling'), 'to_coupon 10.6');
check('no full sister where a father is not known', siblings('mara -', 'mara -'), as('full_sibling'),
    'kinship_not_confirmed 10.6');
check('a full sister by the other reading', siblings('mara -', 'mara -'), as('full_sibling'), 'to_coupon 10.6',
    { full_sibling: 'known_parents' });
check('half sister by the mother', siblings('mara boris', 'mara ivan'), as('half_sibling', 'mother'), 'to_coupon 10.6');
check('not by the father', siblings('mara boris', 'mara ivan'), as('half_sibling', 'father'), 'kinship_not_confirmed 10.6');
check('two unknown fathers are not the same', siblings('mara -', 'vera -'), as('half_sibling', 'father'),
    'kinship_not_confirmed 10.6');
check('a full sister is a half sister too', siblings('mara boris', 'mara boris'), as('half_sibling', 'father'), 'to_coupon 10.6');
check('but not by the other reading', siblings('mara boris', 'mara boris'), as('half_sibling', 'father'),
    'kinship_not_confirmed 10.6', { half_sibling: 'only_half' });
const line = { births: ['1 1985-02-01 olga mara boris', '2 1985-02-01 mara vera anna'] };
check('grandparent by the mother', line, as('grandparent', 'mother'), 'to_coupon 10.6');
check('not by the father', line, as('grandparent', 'father'), 'kinship_not_confirmed 10.6');
check('either side by the other reading', line, as('grandparent', 'father'), 'to_coupon 10.6', { grandparent: 'either_side' });
const down = { births: ['1 1985-02-01 anna mara boris', '2 1985-02-01 boris olga -'] };
check('grandchild by the father', down, as('grandchild', 'father'), 'to_coupon 10.6');
check('not by the mother', down, as('grandchild', 'mother'), 'kinship_not_confirmed 10.6');

const wed = { marriages: ['1 2010-01-01 anna olga'] };
check('spouse', wed, as('spouse'), 'to_coupon 10.6');
check('divorced by number today', { ...wed, divorces: ['9 2026-02-01 anna olga 1'] }, as('spouse'), 'kinship_not_confirmed 10.6');
check('divorced tomorrow', { ...wed, divorces: ['9 2026-02-02 anna olga 1'] }, as('spouse'), 'to_coupon 10.6');
check('divorced without number, the other way round', { ...wed, divorces: ['9 2011-01-01 olga anna -'] }, as('spouse'),
    'kinship_not_confirmed 10.6');
check('married again', { marriages: ['1 2010-01-01 anna olga', '2 2012-01-01 anna olga'],
    divorces: ['9 2011-01-01 olga anna -'] }, as('spouse'), 'to_coupon 10.6');
check('a widow', { ...wed, persons: ['olga 1985-01-13 2020-01-01 yes'] }, as('spouse'), 'kinship_not_confirmed 10.6');
check('marriages silent', { marriages: null }, as('spouse'), 'waiting 10.5');
check('divorces silent', { ...wed, divorces: null }, as('spouse'), 'waiting 10.5');
check('divorces silent, but never married', { divorces: null }, as('spouse'), 'kinship_not_confirmed 10.6');
const two = { marriages: ['1 2010-01-01 anna olga', '2 2012-01-01 ivan olga'] };
check('two spouses', two, as('spouse'), 'to_coupon 10.6');
check('two spouses by the other reading', two, as('spouse'), 'kinship_not_confirmed 10.6', { spouse: 'only_one' });

const law = (...births) => ({ marriages: ['1 2010-01-01 ivan olga'], births });
check('in-law: the spouse\'s child', law('1 2000-01-01 anna mara ivan'), as('in_law'), 'to_coupon 10.6');
check('in-law: the spouse\'s mother', law('1 2000-01-01 ivan anna -'), as('in_law'), 'to_coupon 10.6');
check('in-law: the spouse\'s half sister', law('1 2000-01-01 ivan mara -', '2 2000-01-01 anna mara boris'), as('in_law'),
    'to_coupon 10.6');
check('in-law: the spouse\'s grandmother', law('1 2000-01-01 ivan mara -', '2 2000-01-01 mara anna -'), as('in_law'),
    'to_coupon 10.6');
check('in-law: no longer after the divorce', { ...law('1 2000-01-01 anna mara ivan'), divorces: ['9 2020-01-01 ivan olga 1'] },
    as('in_law'), 'kinship_not_confirmed 10.6');
check('in-law: unmarried, births silent', { births: null }, as('in_law'), 'kinship_not_confirmed 10.6');
check('in-law: married, births silent', { ...law(), births: null }, as('in_law'), 'waiting 10.5');
check('in-law: parents out of scope', law('1 2000-01-01 ivan anna -'), as('in_law'), 'kinship_not_confirmed 10.6',
    { 'in_law.scope': 'child grandparent' });
const through = { marriages: ['1 2010-01-01 anna ivan'], births: ['1 2000-01-01 ivan olga -'] };
check('son\'s wife', through, as('in_law'), 'kinship_not_confirmed 10.6');
check('son\'s wife, both ways', through, as('in_law'), 'to_coupon 10.6', { 'in_law.both_ways': 'on' });

check('student', { students: ['anna epvo 711110000 full_time 2024-09-01 -'] }, as('student'), 'to_coupon 10.7');
check('part time', { students: ['anna epvo 711110000 part_time 2024-09-01 -'] }, as('student'), 'study_not_confirmed 10.7');
check('part time by the other reading', { students: ['anna epvo 711110000 part_time 2024-09-01 -'] }, as('student'),
    'to_coupon 10.7', { student: 'any_form' });
check('elsewhere', { students: ['anna nobd 750000000 full_time - -'] }, as('student'), 'study_not_confirmed 10.7');
check('students silent', { students: null }, as('student'), 'waiting 10.7');

check('the norm in the hall', minor, { channel: 'hall' }, 'choose_relation 10.4', { 'norm.in_hall': 'on' });
check('the norm in the hall: kin', { ...minor, births: ['1 2010-01-01 olga anna -'] }, { channel: 'hall', ...as('parent') },
    'accept_in_hall 7', { 'norm.in_hall': 'on' });

// ---- applications that are wrong ----
invalid('unknown person', { applicant: '000000000000' });
invalid('a company applies', { applicant: 'company' });
invalid('unknown dwelling', { dwelling: 'house' });
invalid('no such day', { day: '2025-02-29' });
invalid('side missing', as('grandchild'));
invalid('side forbidden', as('child', 'mother'));
invalid('unknown channel, even before the pilot', { channel: 'post', day: '2020-01-01' });
invalid('owner is not offered', as('owner'), { 'list.zhekemenshik': 'in_law' });
check('dead applicant', { persons: ['anna 1985-01-13 2026-02-01 yes'] }, {}, 'invalid null');
check('dies tomorrow', { persons: ['anna 1985-01-13 2026-02-02 yes'] }, {}, 'choose_relation 10.4');
check('applicant not yet born', { persons: ['anna 2026-02-02 - yes'] }, {}, 'invalid null');
const world = makeWorld({});
const good = JSON.stringify({ ...APPLICATION, applicant: cell('anna') });
same('blank', null, decideText(world, {}, ' \r'));
same('byte-order mark in the first line', 'choose_relation', decideText(world, {}, `\ufeff${good}\r`).outcome);
same('byte-order mark in the second', 2, decideText(world, {}, `\ufeff${good}`, 2).line);
same('repeated key', 'invalid', decideText(world, {}, good.replace('}', ',"\\u0069d":"a"}')).outcome);
same('no object', { id: null, line: 7 }, (({ id, line: at }) => ({ id, line: at }))(decideText(world, {}, '[]', 7)));
same('over 64 KiB', null, decideText(world, {}, ' '.repeat(65536) + good).id);
same('id of 64 bytes', 'choose_relation', decideText(world, {}, good.replace('"a"', `"${'ж'.repeat(32)}"`)).outcome);
same('id of 65 bytes', { id: null, fields: ['id'] },
    (({ id, fields }) => ({ id, fields }))(decideText(world, {}, good.replace('"a"', `"${'x'.repeat(65)}"`))));

// ---- its own tools ----
same('CSV', [{ a: 'x,"y"\nz', b: '' }], readCsv('\ufeffa,b\r\n\r\n"x,""y""\nz",\r\n'));
same('hundredths', [3570, 1500, 1], ['35.7', '15', '0.01'].map(hundredths));
same('days', [true, false, false], ['2024-02-29', '2026-02-29', '2200-01-01'].map(isDay));
same('identifiers', [true, false], [iinOf('anna'), iinOf('anna').slice(0, 11) + 'x'].map(isIdentifier));
same('repeated keys', [true, false], ['{"a":{"b":1,"b":2}}', '{"a":{"a":"a:"},"b":["a"]}'].map(hasRepeatedKey));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
