// SPDX-License-Identifier: Apache-2.0
// A PNG of eight-bit RGB or RGBA, as Chromium writes it, made smaller: 256 colours, the most frequent ones, and the nearest for the rest.
import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
const { crc32: zlibCrc32, deflateSync, inflateSync } = zlib; // Node 18 has no crc32

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function crc32(bytes) {
    if (zlibCrc32) return zlibCrc32(bytes);
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}

function chunk(type, data) {
    const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
    whole.writeUInt32BE(data.length, 0);
    whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
    return whole;
}

function* chunks(png) {
    for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
        yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) };
}

function paeth(a, b, c) {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Rows of samples, the filters undone.
function samples(raw, width, height, step) {
    const row = width * step;
    const out = Buffer.alloc(row * height);
    for (let y = 0; y < height; y++) {
        const filter = raw[y * (row + 1)];
        for (let x = 0; x < row; x++) {
            const a = x >= step ? out[y * row + x - step] : 0;
            const b = y > 0 ? out[(y - 1) * row + x] : 0;
            const c = x >= step && y > 0 ? out[(y - 1) * row + x - step] : 0;
            const guess = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
            out[y * row + x] = raw[y * (row + 1) + 1 + x] + guess;
        }
    }
    return out;
}

function nearest(palette, colour) {
    const distance = (other) => [16, 8, 0].reduce((sum, s) => sum + ((other >> s & 255) - (colour >> s & 255)) ** 2, 0);
    let best = 0;
    for (let i = 1; i < palette.length; i++) if (distance(palette[i]) < distance(palette[best])) best = i;
    return best;
}

export function fewerColours(png) {
    const parts = [...chunks(png)];
    const head = parts.find((part) => part.type === 'IHDR').data;
    const [width, height, depth, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]];
    assert.ok(depth === 8 && (kind === 2 || kind === 6) && head[12] === 0, 'a PNG of 8 bit RGB or RGBA, not interlaced');
    const step = kind === 2 ? 3 : 4;
    const raw = inflateSync(Buffer.concat(parts.filter((part) => part.type === 'IDAT').map((part) => part.data)));
    const pixels = samples(raw, width, height, step);
    const colours = Array.from({ length: width * height }, (_, i) => pixels.readUIntBE(i * step, 3));
    const counts = new Map();
    for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
    const index = new Map();
    const rows = Buffer.alloc((width + 1) * height);
    colours.forEach((colour, i) => {
        if (!index.has(colour)) index.set(colour, nearest(palette, colour));
        rows[Math.floor(i / width) * (width + 1) + 1 + i % width] = index.get(colour);
    });
    const entries = Buffer.alloc(palette.length * 3);
    palette.forEach((colour, i) => entries.writeUIntBE(colour, i * 3, 3));
    const newHead = Buffer.from(head);
    newHead[9] = 3;
    return Buffer.concat([SIGNATURE, chunk('IHDR', newHead), chunk('PLTE', entries), chunk('IDAT', deflateSync(rows, { level: 9 })),
        chunk('IEND', Buffer.alloc(0))]);
}
