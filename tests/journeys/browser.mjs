// SPDX-License-Identifier: Apache-2.0
// Debian's chromium, as every test of pages starts it, and what keeps a page that no longer answers from holding a test up.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const LAUNCH_MS = 60000;
const CLOSE_MS = 10000;

const flags = ['--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--no-default-browser-check',
    '--disable-background-networking',
    '--ignore-certificate-errors' /* the signer's, on loopback */, '--disable-component-update', '--disable-default-apps', '--disable-sync'];
// Chromium's sandbox does not work for root.
if (process.getuid() === 0) flags.push('--no-sandbox');

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

// What has not been closed by the end of the process is killed by playwright.
export function openBrowser() {
    return chromium.launch({ executablePath: findChromium(), args: flags, timeout: LAUNCH_MS });
}

export class TimedOut extends Error {}

// The promise's own end, or TimedOut after ms.  What the promise stands for goes on; its end is then ignored.
export function bounded(promise, ms, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new TimedOut(`${what}: no answer in ${ms / 1000} s`)), ms);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Closes a page, context or browser, or leaves it where it does not answer.
export async function closed(it) {
    await bounded(Promise.resolve(it?.close()), CLOSE_MS, 'closing').catch(() => {});
}

// A picture for whoever reads a failure: worth a few seconds, never another failure.
export async function tryPicture(page, path) {
    const ms = 5000;
    await bounded(page.screenshot({ path, fullPage: true, timeout: ms }), 2 * ms, path).catch(() => {});
}
