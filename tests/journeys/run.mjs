// SPDX-License-Identifier: Apache-2.0
// Whole journeys through the browser against `tirkeu demo`.  See README.md.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Auditor } from './audit.mjs';
import { closed, openBrowser, tryPicture } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { journeys } from './journeys.mjs';
import { takePicture } from './picture.mjs';
import { Visitor } from './visitor.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const screenshots = join(root, 'build/screenshots');

function readOptions() {
    try {
        const { values } = parseArgs({ options: {
            tirkeu: { type: 'string', default: join(root, 'build/tirkeu') },
            only: { type: 'string', default: '' },
            deadline: { type: 'string', default: '720' },
            screenshots: { type: 'boolean', default: false },
            picture: { type: 'boolean', default: false },
        } });
        if (values.only && !journeys[values.only]) throw new Error(`--only ${values.only}: no such journey`);
        if (!(Number(values.deadline) > 0)) throw new Error(`--deadline ${values.deadline}: not a number of seconds`);
        return values;
    } catch (error) {
        console.error(`${error.message}\nusage: node tests/journeys/run.mjs [--tirkeu PATH] [--only JOURNEY] [--deadline SECONDS] [--screenshots] [--picture]\n` +
            `journeys: ${Object.keys(journeys).join(' ')}`);
        process.exit(2);
    }
}

// ---- results ----

const result = { passed: 0, failed: 0 };
let doing = 'starting', over = false;

function report(good, what, began, details) {
    if (over) return;
    result[good ? 'passed' : 'failed']++;
    console.log(`${good ? 'ok    ' : 'FAILED'} ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    if (details) console.log(String(details).replace(/^/gm, '       '));
}

async function runJourney(house, name) {
    const visitors = [];
    const journey = {
        demo: house.demo,
        visitor: async (person, language, width = 360, how = {}) => {
            const visitor = await Visitor.come(house, language, width, how);
            visitors.push(visitor);
            if (person) await visitor.signIn(person);
            return visitor;
        },
        step: async (what, run) => {
            const began = Date.now();
            doing = `${name}: ${what}`;
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
        for (const [i, v] of visitors.entries()) await tryPicture(v.page, join(screenshots, `failed-${name}-${i}.png`));
    }
    await Promise.all(visitors.map((v) => v.leave()));
}

class JourneyEnded extends Error {}

async function reportAudit(auditor) {
    const began = Date.now();
    doing = 'looking at pages';
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

async function everyJourney() {
    for (const name of Object.keys(journeys).filter((n) => !options.only || n === options.only)) await runJourney(house, name);
    await reportAudit(house.auditor);
}

async function onePicture() {
    const since = Date.now();
    doing = 'the picture docs/case.png';
    const problem = await takePicture(house, join(root, 'docs/case.png')).then(() => '', (error) => error.stack);
    report(!problem, doing, since, problem);
}

function conclude() {
    console.log(`${result.passed} passed, ${result.failed} failed`);
    process.exit(result.failed === 0 ? 0 : 1);
}

// ---- all of it ----

const options = readOptions();
const began = Date.now();
const house = { demo: undefined, browser: undefined, auditor: new Auditor(options.screenshots ? screenshots : '') };

// Ends the whole run, whatever hangs; playwright kills its browsers with the process.
async function giveUp(why) {
    const now = house.auditor.now;
    report(false, why, began, `it was at: ${doing}${now && `\nthe auditor was at: ${now}`}\n${house.auditor.problems.join('\n')}`);
    over = true;
    await house.demo?.stop();
    house.demo?.remove();
    conclude();
}
setTimeout(giveUp, options.deadline * 1000, `the deadline of ${options.deadline} s`).unref();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => giveUp(signal));

house.demo = await startDemo(options.tirkeu);
report(true, 'the demonstration starts', began);
try {
    house.browser = await openBrowser();
    await (options.picture ? onePicture() : everyJourney());
} finally {
    doing = 'stopping';
    await closed(house.browser);
    await stopDemo(house.demo);
}
conclude();
