// SPDX-License-Identifier: Apache-2.0
// The world folder for the oracle: a CSV reader of its own and plain arrays of rows.
// It trusts the folder to be right (random.mjs writes it); what is wrong with a folder is another test's business.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['persons', 'births', 'marriages', 'divorces', 'dwellings', 'owners', 'residents', 'incapacity', 'students'];

// RFC 4180: quotes, doubled quotes, commas and newlines inside quotes; LF or CRLF; blank lines are skipped.
export function readCsv(text) {
    const rows = [];
    let row = [], field = '', quoted = false;
    const endRow = () => {
        row.push(field);
        if (row.length > 1 || row[0] !== '') rows.push(row);
        row = [];
        field = '';
    };
    for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') field += text[++i];
        else if (c === '"') quoted = !quoted;
        else if (quoted) field += c;
        else if (c === ',') { row.push(field); field = ''; }
        else if (c === '\n') endRow();
        else if (c !== '\r') field += c;
    }
    if (field !== '' || row.length > 0) endRow();
    const [header, ...body] = rows;
    return body.map((values) => Object.fromEntries(header.map((name, column) => [name, values[column]])));
}

// A world is one array of rows per file; null stands for an absent file, a register that is silent.
export function worldFromTexts(texts) {
    const world = {};
    for (const file of FILES) world[file] = texts[file] === undefined ? null : readCsv(texts[file]);
    world.personByIin = new Map(world.persons.map((person) => [person.iin, person]));
    world.dwellingByRka = new Map(world.dwellings.map((dwelling) => [dwelling.rka, dwelling]));
    return world;
}

export function loadWorld(folder) {
    const texts = {};
    for (const file of FILES) {
        const path = join(folder, `${file}.csv`);
        if (existsSync(path)) texts[file] = readFileSync(path, 'utf8');
    }
    return worldFromTexts(texts);
}

// Identifiers: 12 digits, the last a check digit over the first 11 (weights 1..11, then 3..11,1,2).
export function checkDigit(eleven) {
    const sum = (weights) => weights.reduce((total, weight, i) => total + weight * Number(eleven[i]), 0) % 11;
    const first = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    return first < 10 ? first : sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]);    // 10: no such number
}
export const isIdentifier = (text) => /^[0-9]{12}$/.test(text) && checkDigit(text) === Number(text[11]);
export const isNatural = (identifier) => identifier[4] >= '0' && identifier[4] <= '3';
export const isCompany = (identifier) => identifier[4] >= '4' && identifier[4] <= '6';

export function isDay(text) {
    const match = typeof text === 'string' && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
    if (!match) return false;
    const [year, month, day] = match.slice(1).map(Number);
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
    return year >= 1800 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= length;
}

// "35.7" -> 3570; the text is digits, and perhaps a point and one or two digits.
export function hundredths(text) {
    const [whole, part = ''] = text.split('.');
    return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}
