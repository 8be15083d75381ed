// SPDX-License-Identifier: Apache-2.0
// One person at a browser, without scripts but where one is asked for, and what people do there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { closed } from './browser.mjs';
import { isKey, languages, word } from './words.mjs';

const WAIT_MS = 60000;

export class Visitor {
    static async come(house, language, width, { scripts = false } = {}) {
        const v = new Visitor();
        Object.assign(v, { house, language, base: house.demo.url, key: '', status: 0 });
        v.context = await house.browser.newContext({
            javaScriptEnabled: scripts, ignoreHTTPSErrors: true, viewport: { width, height: 780 }, baseURL: v.base, reducedMotion: 'reduce',
        });
        v.context.setDefaultTimeout(30000);
        await v.context.addCookies([{ name: 'tirkeu_language', value: language, url: v.base }]);
        v.page = await v.context.newPage();
        v.page.on('response', (reply) => {
            if (reply.request().isNavigationRequest()) v.status = reply.status();
        });
        v.context.on('request', (request) => {
            if (!request.url().startsWith(v.base)) house.auditor.problems.push(`a page asks another server: ${request.url()}`);
        });
        return v;
    }

    leave() {
        return closed(this.context);
    }

    word(key, ...values) {
        return word(key, this.language, ...values);
    }

    // ---- moving about ----

    async open(path, expected = 200) {
        await this.page.goto(path);
        assert.equal(this.status, expected, `status of ${path}`);
        await this.look();
    }

    // Clicks what leads to another page; `within` narrows the search.
    async press(selector, expected = 200) {
        await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.locator(selector).first().click()]);
        assert.equal(this.status, expected, `status of ${this.page.url()} after ${selector}`);
        await this.look();
    }

    button(key) {
        return `main :is(button, a):text-is("${this.word(key).replaceAll('"', '\\"')}")`;
    }

    submit(expected) {
        return this.press('main form .button[type=submit]', expected);
    }

    // Clicks what is downloaded; its file name and its text.
    async download(selector) {
        const [file] = await Promise.all([this.page.waitForEvent('download'), this.page.locator(selector).click()]);
        return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
    }

    path() {
        return new URL(this.page.url()).pathname;
    }

    async heading() {
        return (await this.page.locator('h1').first().innerText()).trim();
    }

    text() {
        return this.page.locator('main').innerText();
    }

    async see(...keys) {
        const text = (await this.text()).replace(/\s+/g, ' ');
        for (const key of keys) {
            const wanted = (isKey(key) ? this.word(key) : key).replace(/\s+/g, ' ');
            assert.ok(text.includes(wanted), `the page says "${wanted}" (${key}); it says: ${text.slice(0, 600)}`);
        }
    }

    // Waits, without touching the page: it has to come to this heading by its own refresh.  `reload`: for the impatient.
    async until(key, { ms = WAIT_MS, reload = false } = {}) {
        const wanted = this.word(key);
        let now = '';
        for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
            now = await this.heading().catch(() => '');
            if (now === wanted) {
                await this.page.waitForLoadState('load');
                return this.look();
            }
            if (reload) await this.page.reload().catch(() => {});
        }
        throw new Error(`waited ${ms / 1000} s for "${wanted}"; the page says "${now}"`);
    }

    // ---- looked at afterwards ----

    // Every page that nobody has been to before goes to the auditor, in all languages.  `label`: what else tells it from others.
    async look(label = '') {
        const auditor = this.house.auditor;
        const path = this.path().replace(/[A-Z]{1,3}-?\d[\d-]*/g, 'N').replace(/\d{2,}|(?<=\/)\d+/g, 'N').replace(/\/(kk|ru|en)$/, '/L');
        const failed = (await this.page.locator('.errors').count()) > 0;
        const kind = [this.key ? this.role : 'guest', path, failed ? 'error' : '', label].join(' ').trim();
        const heading = await this.heading();
        if (auditor.knows(kind, heading, this.language)) return;
        const url = this.page.url();
        const pages = [{ language: this.language, heading, html: await this.page.content() }];
        if (!failed && this.status === 200) {
            for (const language of [...languages.filter((l) => l !== this.language), this.language])
                pages.push({ language, ...(await this.inLanguage(url, language)) });
            // It has moved on meanwhile: there will be another visit.
            if (pages.pop().heading !== heading) return;
        }
        const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
        const english = pages.find((p) => p.language === 'en')?.heading ?? '';
        const name = slug(`${kind.replace(/\bN\b/g, '')} ${english}`);
        pages.forEach((page) => auditor.learn(kind, page.heading, page.language));
        pages.forEach(({ language, html }) => auditor.add({ name, language, url, html }));
    }

    async inLanguage(url, language) {
        const cookies = (await this.context.cookies(url)).filter((c) => c.name !== 'tirkeu_language');
        const cookie = [...cookies, { name: 'tirkeu_language', value: language }].map((c) => `${c.name}=${c.value}`).join('; ');
        const reply = await fetch(url, { headers: { Cookie: cookie } });
        const html = await reply.text();
        const text = (/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
        return { html, heading: text.replaceAll('&amp;', '&').trim() };
    }

    // ---- what people do ----

    async signIn(key) {
        await this.page.goto('/sign-in');
        this.role = /clerk/.test(key) ? key.replace('_clerk', '') : 'citizen';
        const person = this.page.locator(`button[name=person][value=${key}]`);
        this.name = (await person.locator('.person-name').innerText()).trim();
        const where = (await person.locator('.person-where').allInnerTexts()).join(' ');
        [this.rka, this.owner] = [/\b\d{16}\b/.exec(where)?.[0], /\b\d{12}\b/.exec(where)?.[0]];
        this.key = key;
        await this.press(`button[name=person][value=${key}]`);
        await assert.doesNotReject(this.page.locator('.who-name', { hasText: this.name }).waitFor());
    }

    choose(name, value) {
        return this.page.locator(`input[name=${name}][value="${value}"]`).check();
    }

    fill(fields) {
        return Object.entries(fields).reduce(async (before, [name, value]) => {
            await before;
            const field = this.page.locator(`[name=${name}]`);
            const kind = await field.first().evaluate((e) => (e.localName === 'select' ? 'select' : e.type));
            if (kind === 'radio') await this.choose(name, value);
            else if (kind === 'checkbox') await field.setChecked(value);
            else if (kind === 'select') await field.selectOption(value);
            else await field.fill(value);
        }, Promise.resolve());
    }

    // way: { way: 'mine' | 'owner' | 'rka', owner, address, rka }; leaves the visitor at the page that asks to confirm.
    async findDwelling(way, service = { service: 'residence' }) {
        await this.open('/new');
        await this.fill(service);
        await this.submit();
        await this.fill(way);
        await this.submit();
        for (const end = Date.now() + WAIT_MS; !/^\/new\/confirm\//.test(this.path()); await sleep(100)) {
            const list = this.page.locator('input[name=dwelling]');
            if ((await list.count().catch(() => 0)) > 1) {
                await this.look();
                await this.page.locator(`input[name=dwelling][value="${way.rka ?? this.rka}"]`).check();
                await this.submit();
            }
            assert.ok(Date.now() < end, `no dwelling was found; the page says "${await this.heading().catch(() => '')}"`);
        }
        await this.page.waitForLoadState('load');
        await this.look();
    }

    async apply(way, service) {
        await this.findDwelling(way, service);
        await this.submit();
        this.number = /^\/applications\/([^/]+)$/.exec(this.path())?.[1];
        assert.ok(this.number, `an application was opened: ${this.path()}`);
        return this.number;
    }

    case(rest = '') {
        return `/applications/${this.number}${rest}`;
    }

    async relate(degree, side) {
        await this.press(`main a[href="${this.case('/relation')}"]`);
        await this.fill(side ? { degree, side } : { degree });
        await this.submit();
    }

    async fillCoupon(changes = {}) {
        await this.press(`main a[href="${this.case('/coupon')}"]`);
        await this.fill({
            arrived: '2026-02-28', reason: 'family', previous_place: 'Қарағанды қаласы', arrives_with: 'alone', children_under_14: '0',
            education: 'higher', marital: 'single', occupation: 'employed', ...changes,
        });
        await this.submit();
        assert.equal(this.path(), this.case('/check'));
    }

    // The newest code about the application; `since`: how many messages there were before it was asked for.
    async code(number, since) {
        for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(100)) {
            const fresh = (await this.house.demo.messages()).slice(since);
            const found = fresh.map((m) => m.text).filter((t) => t.includes(number) && /^\d{6}\b/.test(t));
            if (found.length) return found.at(-1).slice(0, 6);
        }
        throw new Error(`no code for ${number} came`);
    }

    async askForCode(selector, number) {
        const since = (await this.house.demo.messages()).length;
        await this.press(selector);
        return this.code(number, since);
    }

    async sign() {
        const code = await this.askForCode(this.button('check.send_code'), this.number);
        await this.fill({ code });
        await this.submit();
        return code;
    }

    // As an owner: finds the request in the list, answers and signs.
    async consent(number, agree) {
        await this.open('/applications');
        await this.press(`main a[href="/consents/${number}"]`);
        const code = await this.askForCode(this.button('check.send_code'), number);
        await this.fill({ agree, code });
        await this.press(`main form[action="/consents/${number}"] .button[type=submit]`);
    }

    // ---- electronic signatures: the visitor is at the page of signing ----

    async signByNcalayer() {
        await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.locator('#signer-button').click()]);
    }

    // Presses the button of NCALayer, and waits for what the page then says of it: absent, cancelled, failed, wait.
    async tryNcalayer(part) {
        await this.page.locator('#signer-button').click();
        const shown = this.page.locator(`#signer-${part}`);
        await shown.waitFor({ state: 'visible' });
        await this.page.waitForFunction((id) => document.activeElement.id === id, `signer-${part}`);
        if (part !== 'wait') assert.ok(await this.page.locator('#signer-button').isVisible(), 'one may begin again');
        return shown;
    }

    // The bytes are downloaded, signed by the stand with the key of this person, and the signature is sent as a file.
    // `enters`: whoever looks at the page next is signed in, so that nobody but the browser may.
    async signByFile(iin, { other, enters = false, ...how } = {}) {
        const { name, text } = await this.download('main a[href$="/content"]');
        assert.match(name, /^tirkeu-[a-z_]+-\d+\.json$/);
        assert.equal(JSON.parse(text).format, 'tirkeu-signing-1');
        await this.sendFile('signature.p7s', await this.house.demo.signed(iin, other ?? text, how), 200, enters);
    }

    // From the page that says why a signature was not accepted: once more from the beginning.
    async signAgain() {
        await this.press('main form[action$="/again"] button');
        assert.equal(await this.heading(), this.word('signature.open'));
    }

    async sendFile(name, buffer, expected = 200, enters = false) {
        const button = 'main form[enctype="multipart/form-data"] button[type=submit]';
        await this.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pkcs7-signature', buffer });
        if (enters) await this.page.locator(button).click();
        else await this.press(button, expected);
    }
}
