// SPDX-License-Identifier: Apache-2.0
// What is wrong with a line of applications: every fault, by the field it lies in. Part of the oracle.

const SERVICES = ['residence', 'temporary'];
const CHANNELS = ['reception', 'hall', 'portal', 'mobile'];
const DEGREES = ['child', 'parent', 'spouse', 'full_sibling', 'half_sibling', 'grandparent', 'grandchild', 'in_law', 'owner',
    'student'];
const SIDED = ['half_sibling', 'grandparent', 'grandchild'];
const KEYS = ['id', 'service', 'channel', 'day', 'applicant', 'dwelling', 'relation'];
const LINE_MAX = 64 * 1024, ID_MAX = 64;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// JSON.parse lets the last of repeated keys win; this walks the tokens of a text already known to be JSON.
export function hasRepeatedKey(json) {
    const open = [];
    const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;
    for (const [token, colon] of json.matchAll(tokens)) {
        if (token === '{' || token === '[') open.push(new Set());
        else if (token === '}' || token === ']') open.pop();
        else if (colon !== undefined) {
            const key = JSON.parse(token.slice(0, token.length - colon.length));
            if (open.at(-1).has(key)) return true;
            open.at(-1).add(key);
        }
    }
    return false;
}

const plainObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function relationFaults(relation, day, register) {
    if (relation === null) return [];
    if (!plainObject(relation)) return ['relation'];
    const faults = [];
    if (Object.keys(relation).some((key) => key !== 'degree' && key !== 'side')) faults.push('unknown key');
    const { degree, side = null } = relation;
    if (!DEGREES.includes(degree)) faults.push('relation');
    else if (register.isDay(day) && !register.offered(degree, day)) faults.push('relation');
    if (side !== null && side !== 'mother' && side !== 'father') faults.push('side');
    else if (DEGREES.includes(degree) && (side !== null) !== SIDED.includes(degree)) faults.push('side');
    return faults;
}

// bytes: the line without its LF. Gives { blank } or { object: false } or { object: true, id, faults, application }.
export function reasonsAgainst(bytes, first, register) {
    let text;
    if (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, bytes.length - 1);
    if (bytes.length > LINE_MAX) return { object: false };
    try {
        text = strict.decode(bytes);
        if (first && text.startsWith('\ufeff')) text = text.slice(1);
        if (/^[ \t\r]*$/.test(text)) return { blank: true };
        const value = JSON.parse(text);
        if (!plainObject(value)) return { object: false };
        return { object: true, ...objectFaults(value, text, register) };
    } catch {
        return { object: false };
    }
}

function objectFaults(value, text, register) {
    const faults = [];
    const { id, service, channel, day, applicant, dwelling } = value;
    const relation = value.relation ?? null;
    const idReadable = typeof id === 'string' && Buffer.byteLength(id) <= ID_MAX;
    if (hasRepeatedKey(text)) faults.push('repeated key');
    if (Object.keys(value).some((key) => !KEYS.includes(key))) faults.push('unknown key');
    if (!idReadable) faults.push('id');
    if (!SERVICES.includes(service)) faults.push('service');
    if (!CHANNELS.includes(channel)) faults.push('channel');
    if (!register.isDay(day)) faults.push('day');
    const person = typeof applicant === 'string' && register.isIdentifier(applicant) ? register.person(applicant) : undefined;
    if (person === undefined) faults.push('applicant');
    else if (!faults.includes('day') && !register.alive(person, day)) faults.push('applicant');
    if (typeof dwelling !== 'string' || register.dwelling(dwelling) === undefined) faults.push('dwelling');
    faults.push(...relationFaults(relation, day, register));
    const application = { id, service, channel, day, applicant, dwelling,
        relation: plainObject(relation) ? { degree: relation.degree, side: relation.side ?? null } : null };
    return { id: idReadable ? id : null, faults, application };
}
