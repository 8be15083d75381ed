// SPDX-License-Identifier: Apache-2.0
// Whole journeys through the browser against `tirkeu demo`.  See README.md.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Auditor } from './audit.mjs';
import { startDemo } from './demo.mjs';
import { journeys } from './journeys.mjs';
import { takePicture } from './picture.mjs';
import { Visitor } from './visitor.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

function readOptions(words) {
    const options = { tirkeu: join(root, 'build/tirkeu'), only: '', picture: false };
    while (words.length) {
        const word = words.shift();
        if (word === '--picture') options.picture = true;
        else if (word === '--tirkeu' && words.length) options.tirkeu = words.shift();
        else if (word === '--only' && words.length) options.only = words.shift();
        else {
            console.error(`usage: node tests/journeys/run.mjs [--tirkeu PATH] [--only JOURNEY] [--picture]\n` +
                `journeys: ${Object.keys(journeys).join(' ')}`);
            process.exit(2);
        }
    }
    if (options.only && !journeys[options.only]) {
        console.error(`--only ${options.only}: no such journey; there are ${Object.keys(journeys).join(' ')}`);
        process.exit(2);
    }
    return options;
}

function findChromium() {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
        const path = join(folder, 'chromium');
        try {
            accessSync(path, constants.X_OK);
            return path;
        } catch {
            // the next folder
        }
    }
    throw new Error('chromium is not in PATH: apt-get install chromium');
}

function openBrowser() {
    return chromium.launch({
        executablePath: findChromium(),
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-default-browser-check'],
    });
}

// ---- results ----

const result = { passed: 0, failed: 0 };

function report(good, what, began, details) {
    result[good ? 'passed' : 'failed']++;
    console.log(`${good ? 'ok    ' : 'FAILED'} ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    if (details) console.log(String(details).replace(/^/gm, '       '));
}

async function runJourney(house, name) {
    const visitors = [];
    const journey = {
        demo: house.demo,
        visitor: async (person, language, width = 360) => {
            const visitor = await Visitor.come(house, language, width);
            visitors.push(visitor);
            if (person) await visitor.signIn(person);
            return visitor;
        },
        step: async (what, run) => {
            const began = Date.now();
            try {
                await run();
                report(true, `${name}: ${what}`, began);
            } catch (error) {
                report(false, `${name}: ${what}`, began, `${error.message}\n${(error.stack ?? '').split('\n').filter((l) => /tests.journeys/.test(l)).slice(0, 4).join('\n')}`);
                throw new JourneyEnded();
            }
        },
    };
    try {
        await journeys[name](journey);
    } catch (error) {
        if (!(error instanceof JourneyEnded)) report(false, `${name}: outside of its steps`, Date.now(), error.stack);
        for (const [i, v] of visitors.entries())
            await v.page.screenshot({ path: join(house.auditor.folder, `failed-${name}-${i}.png`), fullPage: true }).catch(() => {});
    }
    await Promise.all(visitors.map((v) => v.leave()));
}

class JourneyEnded extends Error {}

async function reportAudit(auditor) {
    const began = Date.now();
    await auditor.finish();
    const problems = [...new Set(auditor.problems)];
    report(problems.length === 0 && auditor.pages > 0,
        `pages: ${auditor.pages} views of ${auditor.names.size} pages by axe-core, structure and width`, began, problems.join('\n'));
}

async function stopDemo(demo) {
    const began = Date.now();
    const how = await demo.stop();
    report(how.code === 0 && /stopped\s*$/.test(demo.said()), 'the demonstration stops when asked', began,
        how.code === 0 ? '' : `${JSON.stringify(how)}\n${demo.said()}`);
    demo.remove();
}

// ---- all of it ----

const options = readOptions(process.argv.slice(2));
const began = Date.now();
const demo = await startDemo(options.tirkeu);
report(true, 'the demonstration starts', began);
const browser = await openBrowser();
const auditor = new Auditor(browser, join(root, 'build/screenshots'));
const house = { demo, browser, auditor };
try {
    if (options.picture) {
        const since = Date.now();
        const problem = await takePicture(house, join(root, 'docs/case.png')).then(() => '', (error) => error.stack);
        report(!problem, 'the picture docs/case.png', since, problem);
    } else {
        for (const name of Object.keys(journeys).filter((n) => !options.only || n === options.only)) await runJourney(house, name);
        await reportAudit(auditor);
    }
} finally {
    await browser.close();
    await stopDemo(demo);
}
console.log(`${result.passed} passed, ${result.failed} failed`);
process.exitCode = result.failed === 0 ? 0 : 1;
