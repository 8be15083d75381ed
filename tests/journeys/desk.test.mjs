// SPDX-License-Identifier: Apache-2.0
// The two desks in a browser: reception (items 3 to 5 of the order) and operations hall (items 6 to 8), in the languages of clerk and visitor.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, scratch, start, tirkeu } from '../cli/tool.mjs';
import { closed, openBrowser } from './browser.mjs';
import { faultsOf } from './faults.mjs';

let demo, url, folder, browser, minor, grownUp, people;
const endings = [];
const world = { after: (f) => endings.push(f) };

before(async () => {
    const root = scratch(world);
    demo = start(world, tirkeu, ['demo', '--folder', root, '--persons', '20000', '--seed', '1', '--listen', '127.0.0.1:0']);
    [, url] = await demo.said(/Tirkeu runs at (\S+)/);
    await demo.said(/Ctrl-C stops everything/);
    folder = join(root, '20000-1');
    const dwellings = [...demo.text.matchAll(/^ {2}\S.* {2}(\S.*)\n +dwelling (\d+) of (\d{12})/gm)];
    const of = (words) => dwellings.find((d) => d[1].includes(words)).slice(2);
    minor = of('a minor');
    grownUp = of('the norm is not reached');
    const [head, ...lines] = readFileSync(join(folder, 'world', 'persons.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
    const column = (name) => head.indexOf(name);
    people = lines.filter((p) => p[column('born')] > '1970' && p[column('born')] < '1990' && !p[column('died')]).map((p) => p[column('iin')]);
    browser = await openBrowser();
});
after(async () => {
    await closed(browser);
    for (const ending of endings.reverse()) await ending();
});

async function signIn(key, language = 'en', width = 1200) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale: language });
    const page = await context.newPage();
    await page.goto(`${url}/sign-in`);
    await page.click(`button[value=${key}]`);
    return page;
}

// Every page that the test comes through has to hold up.
const look = async (page) => assert.deepEqual(await faultsOf(page), [], page.url());

async function enter(page, desk, entry) {
    if (desk) await page.goto(`${url}/${desk}`);
    for (const [field, value] of Object.entries(entry)) await page.fill(`#${field}`, value);
    await page.click('.desk-form button.button');
}
const settled = (page) => page.waitForSelector('main:not(:has(.pulse))', { timeout: 20000 });
async function open(page) {
    await settled(page);
    if (!await page.isChecked('input[name=dwelling]')) await page.check('#dwelling');
    await page.click('form[action*="/found/"] button.button');
    await page.waitForURL(/\/cases\//);
    await page.waitForSelector('.verdict, a[href$="/documents"], form[action$="/correct"]', { timeout: 20000 });
}
// At the page of signing: the bytes are signed by the stand with the clerk's key, and the signature is sent as a file.
async function signByFile(page, key) {
    const { people: listed } = await (await fetch(`${url}/api/v1/demo/people`)).json();
    const stand = /ready (http:\S+)/.exec(readFileSync(join(folder, 'stand.log'), 'utf8'))[1];
    const content = await page.request.get(new URL(await page.getAttribute('main a[href$="/content"]', 'href'), page.url()).href);
    const asked = { iin: listed.find((person) => person.key === key).iin, data: (await content.body()).toString('base64'), encapsulate: false };
    const { cms } = await (await fetch(`${stand}/signer/cms`, { method: 'POST', body: JSON.stringify(asked) })).json();
    const buffer = Buffer.from(cms, 'base64');
    await page.setInputFiles('input[type=file]', { name: 'signature.p7s', mimeType: 'application/pkcs7-signature', buffer });
    await page.click('main form[enctype="multipart/form-data"] button[type=submit]');
}
const heading = (page) => page.textContent('h1');

test('reception: nothing entered, a wrong number, an unknown one', async () => {
    const page = await signIn('reception_clerk');
    await look(page);
    await enter(page, null, {});
    assert.match(await page.textContent('.errors'), /applicant's IIN/);
    await enter(page, null, { applicant: people[0] });
    assert.match(await page.textContent('.errors'), /RKA or the owner's IIN/);
    assert.equal(await page.inputValue('#applicant'), people[0], 'what was typed stays');
    await look(page);
    await enter(page, 'reception', { applicant: people[0], rka: '0000000000000000' });
    await settled(page);
    assert.equal(await heading(page), 'No dwelling was found');
    await look(page);
    await page.click('main a.button');
    assert.equal(await page.inputValue('#rka'), '0000000000000000', 'it can be corrected without typing it all again');
    assert.equal(await page.inputValue('#applicant'), people[0]);
});

test('reception, item 4: a minor owns the dwelling, so to the hall; the slip is in the visitor\'s language and names nobody', async () => {
    const page = await signIn('reception_clerk', 'en', 360);
    await enter(page, 'reception', { applicant: people[1], rka: minor[0] });
    await settled(page);
    assert.doesNotMatch(page.url(), /\d{12}/, 'no IIN in an address');
    await look(page);
    await open(page);
    assert.equal(await heading(page), 'To the operations hall');
    assert.match(await page.textContent('.answer'), /a minor/);
    assert.doesNotMatch(await page.textContent('main'), new RegExp(minor[1].slice(8)), 'which owner it is stays unsaid');
    await look(page);
    const number = (await page.textContent('.caption')).match(/T-[\d-]+/)[0];
    const words = { kk: 'Операциялық залға өтіңіз', ru: 'Пройдите в операционный зал', en: 'Go to the operations hall' };
    for (const [language, answer] of Object.entries(words)) {
        await page.goto(`${url}/reception/cases/${number}/slip/${language}`);
        assert.equal(await heading(page), answer);
        assert.equal(await page.getAttribute('main', 'lang'), language);
        const slip = await page.textContent('main');
        assert.ok(slip.includes(number));
        assert.doesNotMatch(slip, /\d{12}(?!\d)/, 'no IIN on paper');
        await look(page);
    }
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.isVisible('.slip-tools'), false);
    await page.goto(`${url}/reception`);
    assert.match(await page.textContent('.desk-table'), new RegExp(number));
});

test('reception, item 5: the owner is grown up, so online', async () => {
    const page = await signIn('reception_clerk', 'ru');
    await enter(page, 'reception', { applicant: people[2], owner: grownUp[1] });
    await open(page);
    assert.equal(await heading(page), 'Онлайн');
    assert.match(await page.textContent('main'), /egov\.kz/);
    await look(page);
});

test('hall, items 6 and 7: the owner\'s IIN is corrected, the documents are checked, the applicant is registered', async () => {
    const page = await signIn('hall_clerk');
    await enter(page, 'hall', { applicant: people[3], owner: grownUp[1], rka: minor[0] });
    await settled(page);
    assert.match(await heading(page), /not that of an owner/);
    await look(page);
    await page.click('main a.button');
    assert.equal(await page.inputValue('#rka'), minor[0]);
    await enter(page, null, { owner: minor[1] });
    await open(page);
    await look(page);
    await page.click('a[href$="/documents"]');
    await look(page);
    await page.click('main form button.button');
    assert.equal(await page.locator('.errors a').count(), 14);
    await look(page);
    await page.check('#basis');
    await page.fill('#representative', minor[1]);
    await page.fill('#document_number', '12-345');
    await page.fill('#document_date', '2099-01-01');
    for (const box of ['presence', 'identity_checked', 'authority_checked', 'consent_given']) await page.check(`#${box}`);
    for (const [field, value] of [['reason', 'family'], ['education', 'higher'], ['marital', 'single'], ['occupation', 'employed']]) await page.selectOption(`#${field}`, value);
    await page.check('#arrives_with');
    await page.fill('#previous_place', 'Қарағанды');
    await page.click('main form button.button');
    assert.equal(await page.locator('.errors a').count(), 2, 'a document of tomorrow, the owner as the own representative');
    await page.fill('#representative', people[4]);
    await page.fill('#document_date', '2012-05-06');
    await page.click('main form button.button');
    await page.waitForURL(/\/signatures\//);
    await look(page);
    await signByFile(page, 'hall_clerk');
    await page.waitForSelector('.verdict', { timeout: 20000 });
    assert.equal(await heading(page), 'Registered');
    assert.match(await page.textContent('main'), /№ 12-345, 06\.05\.2012/);
    await look(page);
});

test('hall: documents that are not in order are refused with the clerk\'s words', async () => {
    const page = await signIn('hall_clerk', 'kk', 360);
    await enter(page, 'hall', { applicant: people[5], owner: minor[1] });
    await open(page);
    await page.click('a[href$="/refuse"]');
    await page.click('main form button.button');
    assert.equal(await page.locator('.errors a').count(), 1);
    await look(page);
    await page.fill('#why', 'Шешімнің <b>түпнұсқасы</b> жоқ.');
    await page.click('main form button.button');
    assert.equal(await heading(page), 'Залда қабылданбады');
    await look(page);
    await page.click('.slips a[lang=kk]');
    assert.ok((await page.textContent('main')).includes('Шешімнің <b>түпнұсқасы</b> жоқ.'));
});

test('hall, item 8: nobody is protected, so the service is to be had online by order No. 267', async () => {
    const page = await signIn('hall_clerk');
    await enter(page, 'hall', { applicant: people[6], owner: grownUp[1] });
    await open(page);
    assert.equal(await heading(page), 'Not in the hall: online');
    assert.match(await page.textContent('main'), /order No\. 267/);
    await look(page);
    await page.click('.slips a[lang=ru]');
    assert.match(await page.textContent('main'), /№\s267/);
});

test('each desk has its own cases, citizens have neither, and every look is in the audit', async () => {
    const reception = await signIn('reception_clerk');
    const hall = await signIn('hall_clerk');
    const citizen = await signIn('within_norm');
    await hall.goto(`${url}/hall`);
    const number = (await hall.textContent('.desk-table th[scope=row]')).trim();
    const status = async (page, path) => (await page.goto(url + path)).status();
    assert.equal(await status(hall, `/hall/cases/${number}`), 200);
    assert.equal(await status(reception, `/hall/cases/${number}`), 403);
    assert.equal(await status(reception, `/reception/cases/${number}`), 403);
    assert.equal(await status(citizen, `/hall/cases/${number}`), 403);
    assert.equal(await status(citizen, '/reception'), 403);
    assert.equal(await status(hall, `/hall/cases/${number}/slip/de`), 404);
    assert.equal(await status(hall, '/hall/found/999999?service=residence&months=0&applicant=1&owner=1'), 404);
    const verified = run(['audit', 'verify', '--database', join(folder, 'tirkeu.db')]);
    assert.equal(verified.status, 0, verified.stderr);
});
