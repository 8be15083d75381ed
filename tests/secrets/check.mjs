// SPDX-License-Identifier: Apache-2.0
// node tests/secrets/check.mjs PROGRAM: runs tests/secrets/secrets.c under valgrind's memcheck and judges every place where a secret
// decides a jump or an address. With hogweed's curves there must be none but assertions: a jump of which one arm ends in
// __assert_fail, which every number passes. OpenSSL's generic arithmetic (256 bits) is known not to keep secrets, and shows
// that places are found.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const program = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'tirkeu-secrets-'));
const curves = [{ name: 'GOST 34.10-2015-512' }, { name: 'GOST 34.10-2015-256', leaks: true }, { name: 'GOST 34.310-2004' }];

function output(command, args) {
    const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
    return stdout;
}

// ---- machine code: what stands at an address of a library ----

const disassembled = new Map();
function codeOf(library) {
    if (!disassembled.has(library)) {
        const lines = [], at = new Map();
        let name = '';
        for (const line of output('objdump', ['-d', '--no-show-raw-insn', library]).split('\n')) {
            const [, begins] = line.match(/^[0-9a-f]+ <(.+)>:$/) ?? [];
            const [, address, text] = line.match(/^\s*([0-9a-f]+):\t(.*)$/) ?? [];
            if (begins) name = begins;
            if (address) { at.set(parseInt(address, 16), lines.length); lines.push({ name, text }); }
        }
        disassembled.set(library, { lines, at });
    }
    return disassembled.get(library);
}

// From there on, without another way, an assertion fails.
function failsAnAssertion(code, index) {
    for (const { text } of code.lines.slice(index, index + 8)) {
        if (/^(call|bl)\b.*__assert_fail/.test(text)) return true;
        if (/^(j|b|ret|call)/.test(text)) return false;
    }
    return false;
}

function isAssertion(code, index) {
    const [, target] = code.lines[index].text.match(/^(?:j\w+|b\.\w+|cbn?z|tbn?z)\b.*?\b([0-9a-f]+) </) ?? [];
    return target !== undefined && [index + 1, code.at.get(parseInt(target, 16))].some((i) => i !== undefined && failsAnAssertion(code, i));
}

// ---- places ----

// [{ library, offset, kind }], each once, as memcheck reports them.
function placesOf(index, operation) {
    const file = join(folder, 'report.xml');
    const maps = output('valgrind', ['-q', '--error-limit=no', '--num-callers=1', '--xml=yes', `--xml-file=${file}`, program, String(index), operation])
        .split('\n').map((line) => line.match(/^([0-9a-f]+)-.* (\/\S+)$/)).filter(Boolean)
        .map(([, start, library]) => ({ start: parseInt(start, 16), library }));
    const found = new Map();
    for (const error of readFileSync(file, 'utf8').split('<error>').slice(1)) {
        const [kind, ip, library] = [/<kind>(.*?)</, /<ip>0x(\w+)</, /<obj>(.*?)</].map((pattern) => error.match(pattern)?.[1]);
        const start = maps.find((map) => map.library === library)?.start;
        if (start === undefined) throw new Error(`a place in an unknown library: ${library}`);
        found.set(ip, { library, offset: parseInt(ip, 16) - start, kind });
    }
    return [...found.values()];
}

let passed = 0, failed = 0;
for (const [index, { name, leaks }] of curves.entries()) {
    for (const operation of ['key', 'signature']) {
        const places = placesOf(index, operation);
        const bad = places.filter(({ library, offset }) => {
            const code = codeOf(library);
            return !code.at.has(offset) || !isAssertion(code, code.at.get(offset));
        });
        console.log(`${name}, ${operation}: ${places.length - bad.length} assertions, ${bad.length} other places${leaks ? ' (known)' : ''}`);
        if (leaks ? bad.length > 0 : bad.length === 0) { passed++; continue; }
        failed++;
        for (const { library, offset, kind } of bad) {
            const { name: inside, text } = codeOf(library).lines[codeOf(library).at.get(offset)] ?? {};
            console.log(`  ${kind} at ${basename(library)}+0x${offset.toString(16)} in ${inside}: ${text}`);
        }
    }
}
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
