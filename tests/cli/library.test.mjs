// SPDX-License-Identifier: Apache-2.0
// eds as a library: what is installed is enough for a stranger's program, in C and in C++, and shows nothing but its own names.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const build = relative(root, join(root, process.env.TIRKEU_BUILD ?? 'build'));
const strict = ['-Wall', '-Wextra', '-pedantic', '-Werror'];
const headers = ['eds/eds.h', 'eds/eds_make.h', 'eds/eds_reasons.h', 'base/arena.h', 'base/date.h', 'base/err.h', 'base/str.h', 'base/tri.h'];
let folder, prefix;
const at = (...parts) => join(folder, ...parts);
const words = (text) => text.trim().split(/\s+/);

function run(program, args, { status = 0, cwd = folder } = {}) {
    const env = { ...process.env, PKG_CONFIG_PATH: join(prefix, 'lib/pkgconfig'), LD_LIBRARY_PATH: join(prefix, 'lib'), MAKEFLAGS: '' };
    const got = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 600000, maxBuffer: 1 << 26 });
    assert.equal(got.status, status, `${program} ${args.join(' ')}\n${got.error ?? ''}${got.stdout}${got.stderr}`);
    return got.stdout;
}
const packages = (...args) => words(run('pkg-config', args));
const compile = (name, libraries) => run('gcc', ['-std=c17', ...strict, join(root, `examples/eds/${name}.c`),
    ...packages('--cflags', 'tirkeu-eds'), ...libraries(), '-o', at(name)]);
const shared = () => packages('--libs', 'tirkeu-eds');
const archive = () => [join(prefix, 'lib/libtirkeu-eds.a'), ...packages('--libs', 'libcrypto', 'libxml-2.0', 'jansson', 'libsodium',
    'hogweed', 'nettle', 'gmp'), '-pthread'];

before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tirkeu-library-'));
    prefix = at('prefix');
    run('make', ['install-eds', `B=${build}`, `PREFIX=${prefix}`], { cwd: root });
});
after(() => rmSync(folder, { recursive: true, force: true }));

// For packages: staged elsewhere, but naming where it will be.
test('an installed tree can be staged', () => {
    run('make', ['install-eds', `B=${build}`, `DESTDIR=${at('stage')}`, 'PREFIX=/opt/eds', 'LIBDIR=/opt/eds/lib64'], { cwd: root });
    const pc = readFileSync(at('stage/opt/eds/lib64/pkgconfig/tirkeu-eds.pc'), 'utf8');
    assert.match(pc, /^prefix=\/opt\/eds\nlibdir=\/opt\/eds\/lib64$/m);
    assert.ok(!pc.includes('@') && existsSync(at('stage/opt/eds/include/tirkeu-eds/eds/eds.h')) && existsSync(at('stage/opt/eds/lib64/libtirkeu-eds.so')));
});

test('each header compiles alone, in C and in C++', () => {
    const flags = packages('--cflags', 'tirkeu-eds');
    for (const header of headers) {
        writeFileSync(at('alone.c'), `#include <${header}>\nextern int unused;\n`);
        run('gcc', ['-std=c17', ...strict, ...flags, '-fsyntax-only', at('alone.c')]);
        run('clang', ['-std=c17', ...strict, ...flags, '-fsyntax-only', at('alone.c')]);
        run('clang++', ['-std=c++17', ...strict, ...flags, '-fsyntax-only', '-x', 'c++', at('alone.c')]);
    }
});

// All that the headers declare is there, and all that is there is declared.
test('what is exported is what the headers declare', () => {
    writeFileSync(at('all.c'), headers.map((header) => `#include <${header}>\n`).join(''));
    const text = run('gcc', ['-E', '-P', ...packages('--cflags', 'tirkeu-eds'), at('all.c')])
        .replace(/static inline [^{]*\{[^}]*\}/g, '');
    const declared = new Set([...text.matchAll(/\b(eds_\w+)\s*\(|\bextern const struct \w+ (eds_\w+);/g)].map(([, f, v]) => f ?? v));
    const names = (...args) => words(run('nm', ['--defined-only', ...args])).filter((word) => /^[a-z_]\w{2,}/i.test(word));
    const exported = names('-D', '--format=just-symbols', '--without-symbol-versions', join(prefix, 'lib/libtirkeu-eds.so'))
        .filter((name) => !/^TIRKEU_EDS_\d+$/.test(name));
    assert.deepEqual([...exported].sort(), [...declared].sort());
    const visible = run('nm', ['-g', '--defined-only', join(prefix, 'lib/libtirkeu-eds.a')]).split('\n')
        .filter((line) => / [A-Z] /.test(line)).map((line) => line.split(' ').at(-1));
    assert.deepEqual(visible.sort(), [...declared].sort());
});

test('a program in C++ links with it', () => {
    writeFileSync(at('main.cc'), `#include <eds/eds_make.h>
int main() { eds_setup(); err error; eds_trust *trust; return eds_trust_open("/nonexistent", EDS_TEST, &trust, &error) ? 1 : 0; }\n`);
    run('clang++', ['-std=c++17', ...strict, at('main.cc'), ...packages('--cflags', '--libs', 'tirkeu-eds'), '-o', at('main')]);
    run(at('main'), []);
});

test('the examples sign and verify, with the shared library and with the archive', () => {
    mkdirSync(at('anchors'));
    mkdirSync(at('others'));
    copyFileSync(join(root, 'fuzz/corpus/eds_certificate/nca'), at('others/nca.der'));
    const kept = (name) => join(root, 'fuzz/corpus', name);
    const later = [at('others'), kept('eds_cms/stamped'), '2027-01-15T08:00:00Z'];
    for (const libraries of [shared, archive]) {
        compile('sign', libraries);
        compile('verify', libraries);
        run(at('sign'), [at('anchors/signer.der'), at('signed.cms')]);
        assert.match(run(at('verify'), [at('anchors'), at('signed.cms')]), /signed by .*IIN123456789011.* with GOST 34\.10-2015-512\nvalid\n$/);
        assert.match(run(at('verify'), [at('others'), at('signed.cms')], { status: 1 }), /chain +failed, chain_untrusted\n[^]*\nnot valid\n$/);
        assert.match(run(at('verify'), later, { status: 3 }), /ask for an OCSP response at http:\/\/ocsp\.example\/\nnot known yet\n$/);
        assert.match(run(at('verify'), [...later, kept('eds_answer/good')]), /\nvalid\n$/);
        run(at('verify'), [at('anchors'), at('absent')], { status: 2 });
    }
});
