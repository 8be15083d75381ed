// SPDX-License-Identifier: Apache-2.0
// Random small worlds, dense with the cases that rules turn on, and their CSV. The same seed gives the same bytes.
import { checkDigit } from './tables.mjs';
import { actDay, birthDay, dayBetween, nearDay } from './chance.mjs';

// ---- identifiers ----

function identifier(r, fifth, used) {
    for (;;) {
        let digits = '';
        for (let i = 0; i < 11; i++) digits += i === 4 ? r.pick(fifth) : String(r.int(10));
        const check = checkDigit(digits);
        if (check === 10 || used.has(digits + check)) continue;
        used.add(digits + check);
        return digits + check;
    }
}

// ---- a world: file -> rows ----

const COLUMNS = {
    persons: ['iin', 'surname', 'name', 'patronymic', 'sex', 'born', 'died', 'capable', 'phone'],
    births: ['act_number', 'act_date', 'child_iin', 'mother_iin', 'father_iin'],
    marriages: ['act_number', 'act_date', 'husband_iin', 'wife_iin'],
    divorces: ['act_number', 'act_date', 'husband_iin', 'wife_iin', 'marriage_act_number'],
    dwellings: ['rka', 'cadastral_number', 'kato', 'address_kk', 'address_ru', 'total_area', 'useful_area'],
    owners: ['rka', 'owner', 'share'],
    residents: ['rka', 'iin', 'kind', 'since', 'until'],
    incapacity: ['iin', 'since', 'until', 'court_act'],
    students: ['iin', 'register', 'institution', 'kato', 'form', 'since', 'until'],
};
const MAY_BE_ABSENT = ['births', 'marriages', 'divorces', 'owners', 'residents', 'incapacity', 'students'];

function randomPersons(r, used, crowded) {
    const count = crowded ? r.between(80, 150) : r.chance(0.3) ? r.between(2, 8) : r.between(5, 60);
    return Array.from({ length: count }, () => {
        const born = r.chance(0.03) ? '' : birthDay(r);
        let died = r.chance(0.14) ? (r.chance(0.4) ? dayBetween(r, '1990-01-01', '2025-10-31') : nearDay(r)) : '';
        if (died < born) died = '';
        return { iin: identifier(r, '0123', used), surname: r.pick(['Ахметова', 'Сериков', 'Li, "Ann"', '']),
            name: r.pick(['Айгүл', 'Тимур', '']), patronymic: '', sex: r.pick(['M', 'F', '']), born, died, capable: r.pick(['yes',
                'yes', 'yes', 'yes', '', '', 'limited', 'no']),
            phone: '' };
    });
}

// Parents come mostly from another's act, whole or in part, so that there are siblings of every kind.
function randomBirths(r, iins) {
    const births = [];
    const circles = r.chance(0.05);
    const elder = (index) => (circles || index === 0 ? r.pick(iins) : iins[r.int(index)]);
    iins.forEach((child, index) => {
        if (r.chance(0.15)) return;
        const like = births.length > 0 && r.chance(0.8) ? r.pick(births) : null;
        const parent = (column, empty) => {
            const iin = r.chance(empty) ? '' : like && r.chance(0.85) ? like[column] : elder(index);
            return iin === child ? '' : iin;
        };
        const mother_iin = parent('mother_iin', 0.1);
        const father_iin = parent('father_iin', 0.15);
        births.push({ act_number: `r-${index}`, act_date: actDay(r), child_iin: child, mother_iin,
            father_iin: father_iin === mother_iin ? '' : father_iin });
    });
    return births;
}

function randomMarriages(r, iins, births) {
    const marriages = [];
    const wanted = Math.ceil(iins.length * r.next() * 0.9);
    for (let i = 0; i < wanted; i++) {
        const parents = births.length > 0 && r.chance(0.5) ? r.pick(births) : null;
        const again = marriages.length > 0 && r.chance(0.1) ? r.pick(marriages) : null;
        const husband_iin = again?.husband_iin || parents?.father_iin || r.pick(iins);
        const wife_iin = again?.wife_iin || parents?.mother_iin || r.pick(iins);
        if (husband_iin !== wife_iin) marriages.push({ act_number: `m-${i}`, act_date: actDay(r), husband_iin, wife_iin });
    }
    return marriages;
}

function randomDivorces(r, marriages) {
    const divorces = [];
    marriages.filter(() => r.chance(0.28)).forEach((marriage, i) => {
        const numbered = r.chance(0.5);
        const turned = !numbered && r.chance(0.3);
        const { husband_iin, wife_iin } = marriage;
        const act_date = r.chance(0.15) ? marriage.act_date : r.chance(0.6) ? nearDay(r) : actDay(r);
        divorces.push({ act_number: `d-${i}`, act_date,
            husband_iin: turned ? wife_iin : husband_iin, wife_iin: turned ? husband_iin : wife_iin,
            marriage_act_number: numbered ? marriage.act_number : '' });
    });
    return divorces;
}

const asArea = (r, cents) => {
    const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
    return r.chance(0.5) ? text.replace(/\.?0+$/, '') || '0' : text;
};

// Areas lie at whole numbers of norms and a hundredth beside them.
function randomDwelling(r, index) {
    const persons = r.pick([0, 0, 1, 1, 1, 2, 2, 3, 4, 6]), one = r.pick([1500, 1500, 1500, 1250, 1825]);
    const near = () => Math.max(0, persons * one + r.pick([0, 0, -1, 1, 30, 570, 1499]));
    const kato = r.chance(0.78) ? `71${r.pick(['1310000', '1410000', '0000000'])}` : r.pick(['750000000', '170000000',
        '391010000', '']);
    return { persons, rka: `020${index}${r.between(100000, 999999)}`, cadastral_number: '', kato,
        address_kk: 'Астана, 1-үй', address_ru: 'Астана, дом 1', total_area: r.chance(0.05) ? '' : asArea(r, near()),
        useful_area: r.chance(0.12) ? '' : asArea(r, near()) };
}

// since and until about the days that applications have; either may be empty.
function span(r) {
    const since = r.chance(0.3) ? '' : r.chance(0.7) ? dayBetween(r, '2010-01-01', '2025-10-31') : nearDay(r);
    let until = r.chance(0.7) ? '' : nearDay(r);
    if (until < since) until = '';
    return { since, until };
}

// Harmless repetitions.
const twice = (r, rows) => rows.flatMap((row) => (r.chance(0.05) ? [row, row] : [row]));

export function randomWorld(r) {
    const used = new Set();
    const crowded = r.chance(0.01);    // a dwelling of very many owners, a person of very many marriages
    const persons = randomPersons(r, used, crowded);
    const iins = persons.map((person) => person.iin);
    const companies = [identifier(r, '456', used), identifier(r, '456', used)];
    const births = randomBirths(r, iins);
    const marriages = randomMarriages(r, iins, births);
    if (crowded) {
        for (let i = r.between(20, 70); i > 0; i--) {
            marriages.push({ act_number: `c-${i}`, act_date: actDay(r), husband_iin: iins[0], wife_iin: r.pick(iins.slice(1)) });
        }
    }
    const divorces = randomDivorces(r, marriages);
    const dwellings = Array.from({ length: r.between(1, 15) }, (_, index) => randomDwelling(r, index));
    const owners = [], residents = [], incapacity = [], students = [];
    // Most owners are nobody special, or nearly every case would end in the hall.
    const plain = persons.filter((person) => person.born !== '' && person.born < '2006' && person.capable !== 'no')
        .map((person) => person.iin);
    const randomPerson = () => r.pick(plain.length > 0 && r.chance(0.8) ? plain : iins);
    const randomOwner = () => (r.chance(0.08) ? r.pick(companies) : randomPerson());
    for (const dwelling of dwellings) {
        const { rka } = dwelling;
        const count = r.chance(0.06) ? 0 : r.pick([1, 1, 1, 2, 2, 3, 4]);
        for (let i = 0; i < count; i++) owners.push({ rka, owner: randomOwner(), share: r.pick(['', '1/2', '1/3']) });
        const heads = Math.max(0, dwelling.persons + r.pick([-1, 0, 1, 1, 2, 3, 4]));
        for (let i = 0; i < heads; i++) residents.push({ rka, iin: r.pick(iins), kind: r.pick(['residence', 'residence',
            'temporary']), ...span(r) });
        delete dwelling.persons;
    }
    if (crowded) for (let i = r.between(40, 140); i > 0; i--) owners.push({ rka: dwellings[0].rka, owner: r.pick(iins),
        share: '' });
    for (const iin of iins) {
        if (r.chance(0.08)) incapacity.push({ iin, ...span(r), court_act: '2-17/2020' });
        while (r.chance(0.4)) {
            students.push({ iin, register: r.pick(['nobd', 'epvo']), institution: 'ЕНУ',
                kato: r.pick(['711110000', '711110000', '711110000', '750000000', '']),
                form: r.pick(['full_time', 'full_time', 'part_time', 'distance', '']), ...span(r) });
        }
    }
    const world = { persons, births, marriages, divorces, dwellings, owners: twice(r, owners), residents: twice(r, residents),
        incapacity: twice(r, incapacity), students: twice(r, students) };
    for (const file of MAY_BE_ABSENT) if (r.chance(0.035)) world[file] = null;
    // A number can only be one of a marriage on record.
    if (world.marriages === null) world.divorces?.forEach((act) => { act.marriage_act_number = ''; });
    return world;
}

// ---- as CSV, in any of the allowed spellings ----

export function writeCsv(r, file, rows) {
    const columns = [...COLUMNS[file]];
    if (r.chance(0.3)) columns.sort(() => r.next() - 0.5);
    const end = r.chance(0.15) ? '\r\n' : '\n';
    const quoteAll = r.chance(0.1);
    const cell = (text) => (quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((cells) => cells.map(cell).join(','));
    if (r.chance(0.1)) lines.splice(r.between(1, lines.length), 0, '');
    return (r.chance(0.1) ? '\ufeff' : '') + lines.join(end) + (r.chance(0.9) ? end : '');
}

export function worldTexts(r, world) {
    const texts = {};
    for (const file of Object.keys(COLUMNS)) if (world[file] !== null) texts[file] = writeCsv(r, file, world[file]);
    return texts;
}
