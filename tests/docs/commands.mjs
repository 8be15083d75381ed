// SPDX-License-Identifier: Apache-2.0
// node tests/docs/commands.mjs: the commands in the documents do what the documents show. In a block marked ```console a line
// "$ COMMAND" is run in a scratch folder (one for each document) with build/ first in PATH; the lines below it are what it
// prints ("..." stands for any number of lines, "..." within a line for any text). Every link to a file, and every file of this
// project that is named in `...` by its path from here (NAME, N and * stand for any), must be there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');
let passed = 0, failed = 0;
const hold = (ok, text) => { if (ok) passed++; else { failed++; console.log(`FAILED ${text}`); } };

// Of the root itself only what lies there, of the other folders everything.
function documents(folder) {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        if (entry.isDirectory()) return folder === '' || entry.name === 'node_modules' ? [] : documents(join(folder, entry.name));
        return entry.name.endsWith('.md') ? [join(folder, entry.name)] : [];
    });
}

// [{ line, command, output }] of one document
function commandsOf(text) {
    const found = [];
    let inside = false;
    text.split('\n').forEach((line, index) => {
        if (line.startsWith('```')) inside = line.trim() === '```console';
        else if (inside && line.startsWith('$ ')) found.push({ line: index + 1, command: line.slice(2), output: [] });
        else if (inside && found.length > 0) found.at(-1).output.push(line);
    });
    return found;
}

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const patternOf = (lines) => new RegExp('^' + lines.map((line) => (line === '...' ? '(?:.*\n)*?' : literally(line).replaceAll('\\.\\.\\.', '.*') + '\n')).join('') + '$');

const folders = ['', 'docs', 'src', 'tests', 'bench'];
for (const name of folders.flatMap(documents)) {
    const text = readFileSync(join(root, name), 'utf8');
    const scratch = mkdtempSync(join(tmpdir(), 'tirkeu-docs-'));
    for (const { line, command, output } of commandsOf(text)) {
        const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd: scratch, encoding: 'utf8', timeout: 60000,
            env: { ...process.env, PATH: `${join(root, 'build')}:${process.env.PATH}` } });
        const printed = stdout + stderr;
        hold(output.length > 0 ? patternOf(output).test(printed) : status === 0, `${name}:${line}: ${command}\n${printed}(status ${status})`);
    }
    rmSync(scratch, { recursive: true });
    const words = text.replace(/```[\s\S]*?```/g, '');
    for (const [, target] of words.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (!/^[a-z]+:/.test(target)) hold(existsSync(join(root, dirname(name), target)), `${name}: no such file: ${target}`);
    }
    for (const [, path] of words.matchAll(/`((?:src|stand|tests|fuzz|bench|tools|docs|examples)\/[\w./-]+)`/g)) {
        if (!/NAME|_N\./.test(path)) hold(existsSync(join(root, path)), `${name}: no such file: ${path}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
