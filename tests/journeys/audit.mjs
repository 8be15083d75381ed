// SPDX-License-Identifier: Apache-2.0
// Looks at pages that visitors have been to: axe-core, structure and width, in each language at two widths.
// The pages work without scripts; axe does not, so that it sees a copy of the page, in a browser of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bounded, closed, openBrowser } from './browser.mjs';
import { faultsOf } from './faults.mjs';

export const widths = [360, 1280];
const HEIGHT = 780;
const LOAD_MS = 30000;
// So many pages after each other that could not be looked at, twice each: the machine cannot do it.
const UNSEEN_MAX = 3;

export class Auditor {
    // pictures: the folder for a screenshot of every view, or none are taken.
    constructor(pictures = '') {
        Object.assign(this, { pictures, seen: new Set(), queue: [], problems: [], pages: 0, names: new Set(), now: '', unseen: 0 });
        if (pictures) mkdirSync(pictures, { recursive: true });
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
        this.work ??= this.drain();
    }

    async drain() {
        while (this.queue.length && this.unseen < UNSEEN_MAX) {
            const job = this.queue.shift();
            this.now = `${job.name} in ${job.language}`;
            try {
                this.problems.push(...await this.lookTwice(job));
                this.unseen = 0;
            } catch (error) {
                this.unseen++;
                this.problems.push(`${this.now}: ${error.message}`);
            }
        }
        this.now = '';
        this.work = undefined;
    }

    // A page that does not answer is looked at once more, in a fresh browser.
    async lookTwice(job) {
        try {
            return await this.look(job);
        } catch (error) {
            console.log(`       looking again at ${this.now}: ${error.message}`);
            await this.close();
            return this.look(job);
        }
    }

    async open() {
        this.browser = await openBrowser();
        const context = await this.browser.newContext({ reducedMotion: 'reduce' });
        context.setDefaultTimeout(LOAD_MS);
        this.page = await context.newPage();
    }

    async close() {
        await closed(this.browser);
        this.browser = this.page = undefined;
    }

    async look({ name, language, url, html }) {
        const wrong = [];
        const bare = html.replace(/<script src="\/assets\/signing-[0-9a-f]+\.js" defer(="")?><\/script>/, '');
        if (/<(script|style|iframe)|\s(style|on[a-z]+)=/i.test(bare)) wrong.push(`${name} ${language}: a script, style or frame`);
        if (!this.page) await bounded(this.open(), 3 * LOAD_MS, 'a browser');
        await bounded(this.load(url, html), 2 * LOAD_MS, 'loading');
        for (const width of widths) {
            await bounded(this.page.setViewportSize({ width, height: HEIGHT }), LOAD_MS, 'width');
            wrong.push(...(await faultsOf(this.page, language)).map((what) => `${name} ${language} ${width}: ${what}`));
            // Wide pages look alike in all languages.
            if (this.pictures && (width === widths[0] || language === 'kk'))
                await this.page.screenshot({ path: join(this.pictures, `${name}-${width}-${language}.png`), fullPage: true });
        }
        this.pages += widths.length;
        return wrong;
    }

    async load(url, html) {
        await this.page.unrouteAll();
        await this.page.route(url, (route) => route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: html }));
        await this.page.setViewportSize({ width: widths[0], height: HEIGHT });
        await this.page.goto(url);
    }

    async finish() {
        await this.work;
        if (this.queue.length) this.problems.push(`given up: ${UNSEEN_MAX} pages could not be looked at, ${this.queue.length} more were not tried`);
        await this.close();
    }
}
