// SPDX-License-Identifier: Apache-2.0
// Seeded chance, and the days about which rules turn.

// mulberry32: small, seeded, good enough to pick cases.
export class Random {
    constructor(seed) { this.state = seed >>> 0; }
    next() {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    int(below) { return Math.floor(this.next() * below); }
    between(low, high) { return low + this.int(high - low + 1); }
    chance(probability) { return this.next() < probability; }
    pick(list) { return list[this.int(list.length)]; }
}

// ---- days ----

const DAY_MS = 86400000;
export const dayAfter = (day, days) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
export const dayBetween = (r, from, to) => dayAfter(from, r.int((Date.parse(to) - Date.parse(from)) / DAY_MS + 1));
export const EDGES = ['2025-11-10', '2025-11-11', '2025-12-25', '2025-12-26', '2026-02-28', '2026-03-01', '2026-06-30',
    '2026-07-01'];
export const ODD_DAYS = ['1800-01-01', '2199-12-31', '2024-02-29', '2025-10-31', '2027-01-01', '2030-06-15'];
export const nearDay = (r) => (r.chance(0.2) ? r.pick(EDGES) : dayBetween(r, '2025-11-01', '2026-07-10'));
export const actDay = (r) => (r.chance(0.75) ? dayBetween(r, '1950-01-01', '2025-11-01') : nearDay(r));
// Births: the old, those that come of age about now, infants, 29 February.
export const birthDay = (r) => {
    const kind = r.int(20);
    if (kind < 13) return dayBetween(r, '1930-01-01', '2004-12-31');
    if (kind < 15) return dayBetween(r, '2007-10-15', '2008-07-20');
    if (kind === 15) return '2008-02-29';
    if (kind === 16) return r.pick(['2012-02-29', '2004-02-29', '2005-03-15', '2010-03-15', '1800-01-01']);
    if (kind < 19) return dayBetween(r, '2009-01-01', '2025-10-30');
    return nearDay(r);
};
