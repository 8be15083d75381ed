// SPDX-License-Identifier: Apache-2.0
// What is wrong with a page: by axe-core, by its structure, by its width.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { bounded } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ANSWER_MS = 30000;

// Runs in the page.  An empty language is any.
function structure(language) {
    const wrong = [];
    const root = document.documentElement;
    const count = (selector) => document.querySelectorAll(selector).length;
    if (count('h1') !== 1) wrong.push(`${count('h1')} h1`);
    if (language ? root.lang !== language : !root.lang) wrong.push(`lang="${root.lang}" instead of ${language || 'any'}`);
    if (document.title.trim().length < 5) wrong.push('no title');
    if (document.scrollingElement.scrollWidth > window.innerWidth)
        wrong.push(`scrolls sideways: ${document.scrollingElement.scrollWidth} of ${window.innerWidth} px`);
    if (/\{\d\}/.test(document.body.innerText)) wrong.push('a place in a text that nothing was put into');
    for (const dd of document.querySelectorAll('dd, h1, h2, h3, button, a, label, legend'))
        if (!dd.textContent.trim()) wrong.push(`an empty <${dd.localName}>`);
    for (const link of document.querySelectorAll('main a:not(p a, li a, dd a, th a), button, input, select')) {
        const box = link.getBoundingClientRect();
        if (box.width > 0 && link.type !== 'hidden' && box.height < 43.5) wrong.push(`<${link.localName}> is ${box.height} px high`);
    }
    return wrong;
}

// Runs in the page, where window.axe is.
async function violations() {
    const details = [...document.querySelectorAll('details:not([open])')];
    for (const one of details) one.open = true;
    const result = await window.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
    for (const one of details) one.open = false;
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

// In a page that may run scripts; throws TimedOut when it does not answer.
export async function faultsOf(page, language = '') {
    const ask = (look, ...words) => bounded(page.evaluate(look, ...words), ANSWER_MS, 'the page');
    if (!(await ask(() => 'axe' in window))) await ask(axe);
    return [...await ask(structure, language), ...await ask(violations)];
}
