// SPDX-License-Identifier: Apache-2.0
// Makes an application wrong in one of the ways that the contract names (now and then it stays right, at a limit).
import { checkDigit } from './tables.mjs';

const with_ = (key, ...values) => (a, r) => ({ ...a, [key]: r.pick(values) });
const without = (key) => (a) => { const { [key]: _, ...rest } = a; return rest; };
const relation = (...values) => with_('relation', ...values);
const wrongDigit = (iin) => iin.slice(0, 11) + ((Number(iin[11]) + 1) % 10);
const strangerIin = (r, fifth) => {
    for (;;) {
        const digits = Array.from({ length: 11 }, (_, i) => (i === 4 ? fifth : String(r.int(10)))).join('');
        if (checkDigit(digits) < 10) return digits + checkDigit(digits);
    }
};

const CHANGES = [
    with_('id', 7, null, true, {}, 'x'.repeat(65), 'ж'.repeat(33), 'x'.repeat(64), 'ж'.repeat(32), '', 'a "b" \\ /\t\u2028'),
        without('id'),
    with_('service', 'marriage', '', 'Residence', 1, null, ['residence']), without('service'),
    with_('channel', 'post', '', 'PORTAL', 2, null, {}), without('channel'),
    with_('day', '2026-2-01', '2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '1799-12-31', '2200-01-01',
        ' 2026-02-01',
        '2026-02-01T00:00:00', '01.02.2026', '', 20260201, null, ['2026-02-01'], '२०२६-02-01'), without('day'),
    (a) => ({ ...a, applicant: wrongDigit(a.applicant) }), (a) => ({ ...a, applicant: Number(a.applicant) }),
    (a) => ({ ...a, applicant: a.applicant.slice(1) }), (a) => ({ ...a, applicant: `${a.applicant} ` }),
    (a, r) => ({ ...a, applicant: strangerIin(r, '1') }), (a, r) => ({ ...a, applicant: strangerIin(r, '4') }),
    with_('applicant', '', '00000000000x', '000000000000', null, []), without('applicant'),
    with_('dwelling', '', 'no such', 17, null, {}), without('dwelling'), (a) => ({ ...a, dwelling: `${a.dwelling} ` }),
    relation('child', 1, true, false, [], ['child'], {}, { degree: null }, { degree: 'cousin' }, { degree: '' }, { degree: 1 },
        { degree: 'Child' }, { side: 'mother' },
        { degree: { degree: 'child' } }),
    relation({ degree: 'half_sibling' }, { degree: 'grandparent' }, { degree: 'grandchild', side: null }, { degree: 'grandchild',
        side: 'both' },
        { degree: 'half_sibling', side: '' }, { degree: 'grandparent', side: 1 }, { degree: 'grandparent', side: ['mother'] }),
    relation({ degree: 'child', side: 'mother' }, { degree: 'spouse', side: 'father' }, { degree: 'owner', side: 'mother' },
        { degree: 'student', side: 'father' },
        { degree: 'in_law', side: 'mother' }, { degree: 'full_sibling', side: 'father' }, { degree: 'parent', side: 0 }),
    relation({ degree: 'child', note: 1 }, { degree: 'child', Degree: 'child' }, { degree: 'half_sibling', side: 'mother',
        '': null }),
    (a) => ({ ...a, comment: 'x' }), (a) => ({ ...a, '': null }), (a) => ({ ...a, ID: 'x' }), (a) => ({ ...a,
        'day ': '2026-02-01' }),
    without('relation'),
    (a) => ({ ...a, service: 'none', channel: 'none', day: 'none' }),
];

const text = (a) => JSON.stringify(a);
// Wrong as text: repeated keys, no JSON, no object, too long, not UTF-8.
const TEXTS = [
    (a) => text(a).replace(/}$/, ',"channel":"hall"}'),
    (a) => text(a).replace(/}$/, ',"\\u0064ay":"2026-02-01"}'),
    (a) => text({ ...a, relation: null }).replace('null', '{"degree":"child","degree":"child"}'),
    (a) => text({ ...a, relation: null }).replace('null', '{"degree":"half_sibling","side":"mother","side":"mother"}'),
    (a) => text(a).slice(0, -1), (a) => `${text(a)}x`, (a) => `${text(a)} ${text(a)}`, (a) => `[${text(a)}]`,
        (a) => text(a).replaceAll('"', "'"),
    (a) => text(a).replace(/}$/, ',}'), (a) => text(a).replace(':', '='), (a) => `\ufeff\ufeff${text(a)}`,
    (a) => text(a).replace('"portal"', 'portal').replace('"id"', 'id'),
    (a, r) => r.pick(['hello', '{', '}', '{}', '[]', '"x"', 'null', 'true', '42', '-', '{"id":NaN}', '{"id":"\\x"}',
        '{"id":"a\tb"}', '{"id":01}', '// x']),
    (a) => `${' '.repeat(70000)}${text(a)}`, (a) => text({ ...a, id: 'x'.repeat(70000) }),
        (a) => `${' '.repeat(60000)}${text(a)}`,
    (a) => `  ${text(a)} \t`, (a) => text(a).replaceAll(':', ' : ').replaceAll(',', '\t,'),
    (a) => text(a).replace('"a', '"\\u0061'),
];

export function spoil(r, application) {
    if (r.chance(0.7)) return Buffer.from(text(r.pick(CHANGES)(application, r)));
    if (r.chance(0.05)) {
        const bytes = Buffer.from(text(application));
        bytes[bytes.indexOf('"a') + 1] = 0xff;
        return bytes;
    }
    return Buffer.from(r.pick(TEXTS)(application, r));
}
