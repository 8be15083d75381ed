// SPDX-License-Identifier: Apache-2.0
// Looks at pages that visitors have been to: axe-core, structure and width, in each language at two widths, with a screenshot.
// The pages work without scripts; axe does not, so that it sees a copy of the page in a browser context of its own.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const widths = [360, 1280];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Runs in the page.
function structure(language) {
    const wrong = [];
    const root = document.documentElement;
    const count = (selector) => document.querySelectorAll(selector).length;
    if (count('h1') !== 1) wrong.push(`${count('h1')} h1`);
    if (root.lang !== language) wrong.push(`lang="${root.lang}" instead of ${language}`);
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

async function violations(page) {
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
    const found = await page.evaluate(async () => {
        const result = await window.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
        return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    });
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = false)));
    return found;
}

export class Auditor {
    constructor(browser, folder) {
        Object.assign(this, { browser, folder, seen: new Set(), queue: [], problems: [], pages: 0, running: 0, names: new Set() });
        mkdirSync(folder, { recursive: true });
    }

    knows(kind, heading, language) {
        return this.seen.has(`${kind} ${heading} ${language}`);
    }

    learn(kind, heading, language) {
        this.seen.add(`${kind} ${heading} ${language}`);
    }

    add(job) {
        this.names.add(job.name);
        this.queue.push(job);
        if (this.running === 0) this.work = this.drain();
    }

    async drain() {
        this.running++;
        if (!this.page) {
            this.context = await this.browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' });
            await this.context.addInitScript(axe);
            this.page = await this.context.newPage();
        }
        while (this.queue.length) {
            const job = this.queue.shift();
            try {
                await this.look(job);
            } catch (error) {
                this.problems.push(`${job.name} ${job.language}: ${error.message}`);
            }
        }
        this.running--;
    }

    async look({ name, language, url, html }) {
        const page = this.page;
        if (/<(script|style|iframe)|\s(style|on[a-z]+)=/i.test(html)) this.problems.push(`${name} ${language}: a script, style or frame`);
        await page.route(url, (route) => route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: html }));
        await page.setViewportSize({ width: widths[0], height: 780 });
        await page.goto(url);
        for (const width of widths) {
            await page.setViewportSize({ width, height: 780 });
            const wrong = [...(await page.evaluate(structure, language)), ...(await violations(page))];
            this.problems.push(...wrong.map((what) => `${name} ${language} ${width}: ${what}`));
            // Wide pages look alike in all languages.
            if (width === widths[0] || language === 'kk')
                await page.screenshot({ path: join(this.folder, `${name}-${width}-${language}.png`), fullPage: true });
            this.pages++;
        }
        await page.unroute(url);
    }

    async finish() {
        while (this.running > 0) await this.work;
        await this.context?.close();
    }
}
