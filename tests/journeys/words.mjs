// SPDX-License-Identifier: Apache-2.0
// The product's own words, out of src/text: what a page has to say is named by key, in the language of the visitor.
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../src/text/', import.meta.url);
const table = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.text'))) {
    let key = '';
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
        const heading = /^\[(.+)\]$/.exec(line);
        const word = /^(kk|ru|en) = (.*)$/.exec(line);
        if (heading) key = heading[1];
        else if (word) table.set(`${key} ${word[1]}`, word[2]);
    }
}

export const languages = ['kk', 'ru', 'en'];

export const isKey = (text) => table.has(`${text} kk`);

export function word(key, language, ...values) {
    const text = table.get(`${key} ${language}`);
    if (text === undefined) throw new Error(`src/text has no [${key}] in ${language}`);
    return values.reduce((all, value, i) => all.replaceAll(`{${i}}`, value), text);
}
