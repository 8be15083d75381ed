// SPDX-License-Identifier: Apache-2.0
// The API against its description: whole journeys, faults, and bodies that server and description have to judge alike.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, description, root, schemas, seen, sleep, startDemonstration, startServer } from './client.mjs';
import { EgovMobile } from './egov_mobile.mjs';
import { Schemas } from './schema.mjs';

const coupon = { reason: 'work', education: 'higher', marital: 'single', occupation: 'employed', arrives_with: 'alone', children_under_14: 0, previous_place: 'Қарағанды қаласы', arrived: '2026-03-01' };
const tests = [];
const test = (name, run) => tests.push({ name, run });
const equal = (got, wanted, what) => { if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`); };
const ok = (right, what) => { if (!right) throw new Error(what); };
const path = (number) => `/applications/${number}`;

let demo, anybody, people;

// ---- the stand ----

const messages = async () => (await fetch(`${demo.stand}/stand/messages`)).json();
async function faults(register, mode) {
    const reply = await fetch(`${demo.stand}/stand/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ register, mode }) });
    ok(reply.ok, `stand: ${await reply.text()}`);
}
// How the certification authority answers: service ocsp, tsp or crl.
async function authorityAnswers(service, mode) {
    const reply = await fetch(`${demo.stand}/stand/authority/faults`, { method: 'POST', body: JSON.stringify({ service, mode, ms: 0 }) });
    ok(reply.ok, `stand: ${await reply.text()}`);
}
// Has a code sent and reads it from the SMS gateway.
async function codeFor(client, number) {
    const before = (await messages()).length;
    await client.post(`${path(number)}/code`, undefined, 204);
    for (const end = Date.now() + 15000; Date.now() < end; await sleep(50)) {
        for (const { text } of (await messages()).slice(before)) {
            const code = text.includes(number) && text.match(/(?<![\d-])\d{6}(?![\d-])/);
            if (code) return code[0];
        }
    }
    throw new Error(`no code for ${number}`);
}

// ---- pieces of journeys ----

async function file(client, extra = { service: 'residence' }) {
    const reply = await client.call('POST', '/applications', { rka: client.person.rka, ...extra });
    equal(reply.status, 201, 'filing');
    equal([reply.headers.get('location'), reply.body.channel], [`/api/v1${path(reply.body.number)}`, 'mobile'], 'Location, channel');
    return reply.body.number;
}
async function choose(client, number, degree, side) {
    const choosing = await client.settled(path(number), 'choosing');
    const choice = choosing.choices.find((one) => one.degree === degree);
    ok(choice && choice.text && choice.hint, `${degree} is offered`);
    equal(choice.sides.map((one) => one.side), side ? ['mother', 'father'] : [], 'sides');
    return client.post(`${path(number)}/relation`, side ? { degree, side } : { degree });
}
async function sign(client, number) {
    await client.settled(path(number), 'coupon');
    const signing = await client.expect(200, 'PUT', `${path(number)}/coupon`, coupon);
    equal([signing.state, signing.coupon], ['signing', coupon], 'coupon');
    return client.post(`${path(number)}/signature`, { code: await codeFor(client, number) });
}
async function agree(key, number) {
    const owner = await anybody.signedIn(key);
    const row = (await owner.get('/applications')).applications.find((one) => one.number === number);
    ok(row && row.my_consent_wanted && !row.mine, 'the owner has it in the list');
    const wanted = await owner.get(`${path(number)}/consent`);
    equal([wanted.number, wanted.state, wanted.given], [number, 'consent', null], 'what the owner reads');
    const given = await owner.post(`${path(number)}/consent`, { agree: true, code: await codeFor(owner, number) });
    equal(given.given, true, 'consent');
    return owner;
}
async function registered(client, number, until) {
    const done = await client.settled(path(number), 'registered');
    ok(/^2026-/.test(done.registered.since), 'registered since');
    equal(done.registered.until !== null, until, 'registered until');
    equal(done.steps, [], 'no further steps');
    return done;
}
async function kinJourney(key, degree, side) {
    const client = await anybody.signedIn(key);
    const number = await file(client);
    await choose(client, number, degree, side);
    const at = await client.settled(path(number), 'coupon');
    equal([at.decision.outcome, at.decision.paragraph], ['to_coupon', degree === 'student' ? '10.7' : '10.6'], 'decision');
    await sign(client, number);
    return { client, number, decision: at.decision };
}

// ---- journeys ----

test('within the norm: registered temporarily', async () => {
    const client = await anybody.signedIn('within_norm');
    const number = await file(client, { service: 'temporary', months: 6 });
    const at = await client.settled(path(number), 'coupon');
    equal([at.decision.outcome, at.decision.paragraph, at.decision.norm.reached], ['to_coupon', '10.3', false], 'decision');
    ok(at.explanation.paragraph.sentences.length > 0 && at.explanation.reasons.every((one) => one.text && one.remedy), 'explained');
    equal([at.questions.open, at.questions.silent], [0, 0], 'questions');
    await sign(client, number);
    await agree('within_norm_owner', number);
    const done = await registered(client, number, true);
    equal(done.consents.map((one) => one.given), [true], 'consent board');
});

test('kin confirmed by the acts, with side, and the proof', async () => {
    const { client, number, decision } = await kinJourney('kin_grandchild', 'grandchild', 'mother');
    equal([decision.kinship.confirmed, decision.kinship.side, decision.kinship.persons[0]], [true, 'mother', client.person.iin], 'proof');
    equal(decision.kinship.acts.length, 2, 'two births');
    const { explanation, on_record } = await client.get(path(number));
    equal(explanation.sources.map((one) => [one.register, one.as_of]), [['ukimet', '2026-03-01']], 'whose word it is');
    ok(explanation.sources[0].text.includes('1 March 2026') && explanation.sources[0].answered_at, 'and how old');
    equal(on_record, null, 'nothing else is told');
    await agree('kin_grandchild_owner', number);
    await registered(client, number, false);
});

test('a wrong degree: IS ZAGS refuses, the right one is told, chosen and confirmed by the mart', async () => {
    const client = await anybody.signedIn('kin_half_sibling');
    const number = await file(client);
    await choose(client, number, 'parent');
    const refused = await client.settled(path(number), 'not_confirmed');
    equal(refused.explanation.sources.map((one) => [one.register, one.as_of]), [['zags', null]], 'a refusal is live');
    const { degree, side, text, as_of } = refused.on_record;
    equal([degree, side, as_of, Object.keys(refused.on_record).length], ['half_sibling', 'mother', '2026-03-01', 4], 'what is told');
    ok(text && !/\d/.test(text) && refused.steps.includes('choose-on-record'), 'no numbers');
    const back = await client.post(`${path(number)}/choose-other`);
    equal([back.state, back.on_record, back.steps.includes('choose-on-record')], ['choosing', refused.on_record, true], 'at the choice too');
    await client.post(`${path(number)}/choose-on-record`);
    const at = await client.settled(path(number), 'coupon');
    equal([at.relation.degree, at.relation.side, at.on_record], ['half_sibling', 'mother', null], 'chosen');
    ok(at.explanation.sources.some((one) => one.register === 'ukimet' && one.as_of === '2026-03-01'), 'by the mart');
    equal((await client.expect(409, 'POST', `${path(number)}/choose-on-record`)).code, 'step_not_possible', 'twice');
    await client.post(`${path(number)}/cancellation`);
});

test('whoever is nobody\'s kin is told nothing, however often', async () => {
    const client = await anybody.signedIn('stranger');
    const number = await file(client);
    for (const degree of ['child', 'parent', 'spouse', 'full_sibling']) {
        await choose(client, number, degree);
        const refused = await client.settled(path(number), 'not_confirmed');
        equal([refused.on_record, refused.steps.includes('choose-on-record')], [null, false], degree);
        await client.post(`${path(number)}/choose-other`);
    }
    await client.post(`${path(number)}/cancellation`);
});

test('kin missing: names the act, asks again, chooses another relation, cancels', async () => {
    const client = await anybody.signedIn('kin_no_birth_act');
    const number = await file(client);
    await choose(client, number, 'grandchild', 'mother');
    const refused = await client.settled(path(number), 'not_confirmed');
    equal([refused.decision.outcome, refused.decision.paragraph], ['kinship_not_confirmed', '10.6'], 'decision');
    ok(refused.explanation.missing.some((one) => one.code === 'no_birth_act' && one.person && one.remedy), 'the missing act is named');
    const missing = refused.explanation.missing.find((one) => one.code === 'no_birth_act');
    const letter = await client.get(`${path(number)}/letter`);
    ok([number, missing.text, missing.remedy].every((words) => letter.includes(words)), `the letter names the act: ${letter}`);
    await client.post(`${path(number)}/ask-again`);
    await client.settled(path(number), 'not_confirmed');
    equal((await client.post(`${path(number)}/choose-other`)).state, 'choosing', 'choose other');
    equal((await client.post(`${path(number)}/cancellation`)).state, 'cancelled', 'cancelled');
    equal((await client.expect(409, 'POST', `${path(number)}/cancellation`)).code, 'step_not_possible', 'twice');
});

test('a student in the capital', async () => {
    const { client, number, decision } = await kinJourney('student', 'student');
    equal([decision.kinship, decision.reasons[0].code], [undefined, 'study_confirmed'], 'decision');
    await agree('student_owner', number);
    await registered(client, number, false);
});

test('the owner in person needs nobody else', async () => {
    const { client, number, decision } = await kinJourney('owner', 'owner');
    equal([decision.kinship.persons, decision.kinship.acts], [[client.person.iin], []], 'proof');
    const done = await registered(client, number, false);
    equal(done.consents, [], 'nobody was asked');
});

test('the head consents for a company', async () => {
    const client = await anybody.signedIn('company_owner');
    const number = await file(client);
    await sign(client, number);
    const board = (await client.settled(path(number), 'consent')).consents;
    ok(board.length === 1 && board[0].company && !board[0].mine, 'for which company');
    await agree('company_owner_head', number);
    await registered(client, number, false);
});

// A CMS in base64 over what the request says, with the key of this person.
async function signed(iin, request, changed = '') {
    const reply = await fetch(`${demo.stand}/signer/cms`, { method: 'POST', body: JSON.stringify({ iin, data: changed || request.content, encapsulate: changed !== '' }) });
    ok(reply.ok, `signer: ${reply.status}`);
    return (await reply.json()).cms;
}
async function stands(client, request, wanted, headers) {
    for (const end = Date.now() + 20000; ; await sleep(100)) {
        const { body } = await client.call('GET', `/signatures/${request.id}`, undefined, { headers });
        if (body.state === wanted) return body;
        ok(Date.now() < end && body.state === 'checking', `signature ${request.id} is ${body.state}, ${body.reason}; not ${wanted}`);
    }
}

test('signed and consented to with electronic signatures', async () => {
    const client = await anybody.signedIn('kin_spouse');
    const number = await file(client, { service: 'temporary', months: 3 });
    await choose(client, number, 'spouse');
    await client.settled(path(number), 'coupon');
    const before = await client.expect(200, 'PUT', `${path(number)}/coupon`, coupon);
    equal([before.signed_by, before.signature], [null, null], 'not signed');
    const first = await client.post(`${path(number)}/signatures`, { purpose: 'application' }, 201);
    equal((await client.post(`${path(number)}/signatures`, { purpose: 'application' }, 201)).id, first.id, 'the open request again');
    const content = JSON.parse(Buffer.from(first.content, 'base64'));
    equal([content.filing, content.applicant.iin, content.coupon.reason, first.state], [number, client.person.iin, 'work', 'open'], 'what is signed');
    const put = (request, signature, status = 200, who = client) => who.expect(status, 'PUT', `/signatures/${request.id}`, { signature });
    equal((await put(first, 'bm8gc2lnbmF0dXJl', 400)).code, 'signature_unreadable', 'no CMS');
    const refused = await put(first, await signed(client.person.iin, first, Buffer.from('{}').toString('base64')));
    equal([refused.state, refused.step, refused.reason, refused.remedy.length > 20], ['refused', 'content', 'content_differs', true], 'other bytes');
    equal((await put(first, await signed(client.person.iin, first), 409)).code, 'signature_spent', 'once');
    const second = await client.post(`${path(number)}/signatures`, { purpose: 'application' }, 201);
    const taken = await put(second, await signed(client.person.iin, second));
    ok(['checking', 'good'].includes(taken.state) && taken.received_at, `taken: ${taken.state}`);
    await stands(client, second, 'good');
    const waiting = await client.settled(path(number), 'consent');
    equal([waiting.signed_by, waiting.signature], ['eds', 'good'], 'level');

    const owner = await anybody.signedIn('kin_spouse_owner');
    await owner.expect(404, 'GET', `/signatures/${second.id}`);
    await owner.expect(403, 'POST', `${path(number)}/signatures`, { purpose: 'application' });
    const asked = await owner.post(`${path(number)}/signatures`, { purpose: 'consent' }, 201);
    await put(asked, await signed(owner.person.iin, asked), 200, owner);
    await stands(owner, asked, 'good');
    await registered(client, number, true);
    equal((await client.get(path(number))).consents[0].level, 'eds', 'how the owner consented');
});

test('a token by a signature', async () => {
    const { iin } = people.find((one) => one.key === 'kin_spouse');
    const asked = await anybody.post('/sign-in', { role: 'citizen' }, 201);
    const headers = { 'tirkeu-ticket': asked.ticket };
    equal((await anybody.expect(404, 'GET', `/signatures/${asked.id}`)).code, 'signature_gone', 'without its ticket');
    equal((await anybody.expect(409, 'POST', '/session', undefined, { headers })).code, 'signature_not_good', 'not signed yet');
    const body = JSON.stringify({ iin, data: asked.content, encapsulate: false, signIn: true });
    const { cms } = await (await fetch(`${demo.stand}/signer/cms`, { method: 'POST', body })).json();
    await anybody.expect(200, 'PUT', `/signatures/${asked.id}`, { signature: cms }, { headers });
    await stands(anybody, asked, 'good', headers);
    const session = await anybody.expect(201, 'POST', '/session', undefined, { headers });
    const client = new Client(anybody.base, { token: session.token });
    ok(Array.isArray((await client.get('/applications')).applications), 'the token works');
    equal((await anybody.expect(409, 'POST', '/session', undefined, { headers })).code, 'signature_spent', 'once');
});

test('requests to sign in: so many from one address in ten minutes, and the answer says when again', async () => {
    const ask = (from) => anybody.call('POST', '/sign-in', { role: 'citizen' }, { headers: { 'x-forwarded-for': from } });
    const many = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(`198.51.100.${i}, 2001:db8:0:7::${i}`)));
    equal(many.filter(({ status }) => status === 201).length, 60, 'there is room for sixty');
    const refused = await ask('2001:db8:0:7:ffff::1');
    equal([refused.status, refused.body.code], [429, 'too_many_sign_ins'], 'the sixty-first of the same network');
    const seconds = Number(refused.headers.get('retry-after'));
    ok(seconds > 540 && seconds <= 600, `Retry-After ${seconds}`);
    equal((await ask('2001:db8:0:7::1, 198.51.100.1')).status, 201, 'another address; what it says of others does not count');
    const form = (language) => fetch(`${demo.url}/sign-in/eds`, { method: 'POST', redirect: 'manual', body: 'role=citizen', headers: {
        'x-forwarded-for': '2001:db8:0:7::2', 'content-type': 'application/x-www-form-urlencoded', cookie: `tirkeu_language=${language}` } });
    for (const [language, words] of [['kk', /Қайталап көруге болатын уақыт: \d\d:\d\d/], ['ru', /Повторить можно в \d\d:\d\d/], ['en', /try again at \d\d:\d\d/]]) {
        const page = await form(language);
        equal([page.status, page.headers.get('retry-after') > 0], [429, true], 'the page likewise');
        const [time] = words.exec(await page.text()) ?? [''], earliest = Date.now() + page.headers.get('retry-after') * 1000 - 10000;
        const [hours, minutes] = (/\d\d:\d\d/.exec(time) ?? ['99:99'])[0].split(':').map(Number), day = 24 * 60 * 60000;
        const later = ((hours * 60 + minutes) * 60000 - (earliest + 5 * 3600000) % day + day) % day;
        ok(later < 80000, `it says when, in ${language}, and not too early: ${time}`);
    }
});

test('an owner declines', async () => {
    const client = await anybody.signedIn('outside_astana');
    const number = await file(client);
    await sign(client, number);
    const owner = await anybody.signedIn('outside_astana_owner');
    equal((await owner.post(`${path(number)}/consent`, { agree: false })).given, false, 'declined');
    equal((await client.get(path(number))).state, 'declined', 'the applicant sees it');
});

test('a minor owner: to the hall, by reception too, and accepted there', async () => {
    const client = await anybody.signedIn('minor_owner');
    const number = await file(client);
    const sent = await client.settled(path(number), 'sent_to_hall');
    equal([sent.decision.outcome, sent.decision.paragraph], ['to_operations_hall', '9'], 'decision');

    const reception = await anybody.signedIn('reception_clerk');
    const shown = await reception.post('/desk/reception', { applicant: client.person.iin, rka: client.person.rka }, 201);
    const routed = await reception.settled(`/desk/applications/${shown.number}`, 'sent_to_hall');
    equal(routed.decision.paragraph, '4', 'reception');

    const hall = await anybody.signedIn('hall_clerk');
    const opened = await hall.post('/desk/hall', { applicant: client.person.iin, rka: client.person.rka, owner: client.person.owner, service: 'residence' }, 201);
    const here = `/desk/applications/${opened.number}`;
    const at = await hall.settled(here, 'documents');
    equal([at.decision.outcome, at.decision.paragraph, at.desk.owner_is_owner, at.steps[0]], ['accept_in_hall', '7', true, 'documents'], 'hall');
    const representative = readFileSync(join(demo.world, 'representatives.csv'), 'utf8').split(/\r?\n/).map((line) => line.split(',')).find((row) => row[0] === client.person.owner)[1];
    const papers = { in_order: true, representative, basis: 'parent', document: 'birth certificate 12, 1 March 2015', identity_checked: true, authority_checked: true, consent_given: true, presence: true, coupon };
    const { presence, ...incomplete } = papers;
    equal((await hall.expect(400, 'POST', `${here}/documents`, incomplete)).errors[0].field, 'presence', 'incomplete');
    equal((await hall.post(`${here}/documents`, { ...papers, sign: true })).state, 'documents', 'prepared');
    const asked = await hall.post(`${here}/signatures`, { purpose: 'documents' }, 201);
    equal((await hall.call('GET', here)).headers.get('retry-after'), null, 'documents: nothing happens by itself');
    await authorityAnswers('ocsp', 'error');
    const taken = await hall.call('PUT', `/signatures/${asked.id}`, { signature: await signed(hall.person.iin, asked) });
    equal([taken.status, taken.body.state, taken.headers.get('retry-after')], [200, 'checking', '2'], 'the authority is silent');
    const held = await hall.call('GET', here);
    equal([held.body.state, held.body.signature, held.headers.get('retry-after')], ['documents', 'checking', '2'], 'the case waits, and says for how long');
    await authorityAnswers('ocsp', 'ok');
    const done = await hall.settled(here, 'registered');
    equal(done.desk.documents.representative, representative, 'documents');
    ok((await hall.get('/desk/applications')).applications.some((one) => one.number === opened.number), 'in the list');
    ok(presence, 'presence');
});

test('hall: nobody to protect means online; documents not in order end the case', async () => {
    const hall = await anybody.signedIn('hall_clerk');
    const [adult, minor] = ['within_norm', 'minor_owner'].map((key) => people.find((one) => one.key === key));
    const first = await hall.post('/desk/hall', { applicant: adult.iin, rka: adult.rka, owner: adult.owner, service: 'residence' }, 201);
    equal((await hall.settled(`/desk/applications/${first.number}`, 'refused_in_hall')).decision.paragraph, '8', 'paragraph 8');
    const stranger = people.find((one) => one.key === 'stranger');
    const second = await hall.post('/desk/hall', { applicant: stranger.iin, rka: minor.rka, owner: minor.owner, service: 'temporary', months: 3 }, 201);
    await hall.settled(`/desk/applications/${second.number}`, 'documents');
    const refused = await hall.post(`/desk/applications/${second.number}/documents`, { in_order: false, why_not: 'The certificate is a copy.' });
    equal([refused.state, refused.desk.refusal], ['refused_in_hall', 'The certificate is a copy.'], 'refusal');
    const reception = await anybody.signedIn('reception_clerk');
    const third = await reception.post('/desk/reception', { applicant: adult.iin, rka: adult.rka, service: 'temporary', months: 1 }, 201);
    await reception.settled(`/desk/applications/${third.number}`, 'sent_online');
    equal((await reception.expect(403, 'GET', `/desk/applications/${second.number}`)).code, 'not_yours', 'another desk');
    const fourth = await hall.post('/desk/hall', { applicant: stranger.iin, rka: minor.rka, owner: minor.owner, service: 'residence' }, 201);
    equal((await hall.post(`/desk/applications/${fourth.number}/cancellation`)).state, 'cancelled', 'cancelled at the desk');
});

test('a register down: the case waits, and goes on by itself', async () => {
    const client = await anybody.signedIn('kin_child');
    const number = await file(client);
    await client.settled(path(number), 'choosing');
    await faults('zags', 'error');
    await faults('ukimet', 'error');
    try {
        await client.post(`${path(number)}/relation`, { degree: 'parent' });
        const waiting = await client.settled(path(number), 'waiting');
        equal([waiting.decision.outcome, waiting.decision.paragraph], ['waiting', '10.5'], 'decision');
        ok(waiting.questions.silent > 0 && waiting.questions.items.some((one) => one.state === 'silent' && one.register === 'zags'), 'who is silent');
    } finally {
        await faults('all', 'ok');
    }
    const back = await client.settled(path(number), 'not_confirmed', 60000);
    equal(back.decision.kinship.confirmed, false, 'decided when the register was back');
});

test('IS ZAGS and Ukimet down: the mart confirms', async () => {
    const client = await anybody.signedIn('kin_child');
    const number = (await client.get('/applications')).applications.find((one) => one.state === 'not_confirmed').number;
    await faults('zags', 'error');
    await faults('ukimet', 'error');
    try {
        await client.post(`${path(number)}/choose-on-record`);
        const at = await client.settled(path(number), 'coupon');
        equal([at.decision.kinship.confirmed, at.explanation.sources.map((one) => one.register)], [true, ['ukimet']], 'decision');
    } finally {
        await faults('all', 'ok');
    }
});

// ---- look-ups ----

test('look-ups: mine, an owner\'s by address, one by its code', async () => {
    const owner = await anybody.signedIn('kin_child_owner');
    const answered = async (client, body) => {
        const reply = await client.call('POST', '/lookups', body);
        equal(reply.status, 202, 'asked');
        for (const end = Date.now() + 15000; Date.now() < end; await sleep(50)) {
            const lookup = await client.get(`/lookups/${reply.body.id}`);
            if (lookup.state === 'answered') return lookup;
        }
        throw new Error('no answer');
    };
    const child = people.find((one) => one.key === 'kin_child');
    const mine = (await answered(owner, { mine: true })).dwellings;
    ok(mine.some((one) => one.rka === child.rka), 'mine');
    const client = await anybody.signedIn('kin_child', 'kk');
    const flat = mine.find((one) => one.rka === child.rka);
    const found = (await answered(client, { owner: child.owner, address: flat.address.ru.split(',').at(-1).trim() })).dwellings;
    ok(found.some((one) => one.rka === child.rka), 'by address');
    const [one] = (await answered(client, { rka: child.rka })).dwellings;
    ok(one.owners.length === 1 && !one.owners[0].mine && one.owners[0].number === undefined, 'a citizen sees no numbers of owners');
    const clerk = await anybody.signedIn('reception_clerk');
    equal((await answered(clerk, { rka: child.rka })).dwellings[0].owners[0].number, child.owner, 'a clerk does');
    equal((await answered(client, { rka: '0000000000000000' })).dwellings, [], 'nothing found');
    const { id } = await owner.post('/lookups', { rka: child.rka }, 202);
    equal((await client.expect(404, 'GET', `/lookups/${id}`)).code, 'not_found', 'another person\'s look-up');
});

// ---- the open part ----

test('law, readings, description and health', async () => {
    const law = await anybody.get('/law');
    ok(law.sentences.length > 40 && law.sentences.every((one) => one.text.kk && one.text.ru && one.text.en), 'sentences');
    const reading = (settings, name) => settings.find((one) => one.name === name).value;
    equal(reading((await anybody.get('/readings')).settings, 'norm.area_per_person'), '15', 'norm in force');
    const early = await anybody.get('/readings?day=2025-12-01');
    ok(early.pilot_in_force && reading(early.settings, 'norm.area_per_person') !== '15', 'before the norm');
    equal((await anybody.get('/readings?day=2026-07-01')).edition, null, 'after the pilot');
    equal(await anybody.get('/openapi.json'), description, 'the description is this one');
    equal((await anybody.get('/health')).demonstration, true, 'health');
});

// ---- faults ----

test('texts come in the reader\'s language', async () => {
    const number = await file(await anybody.signedIn('stranger'));
    const titles = [];
    for (const language of ['kk', 'ru', 'en']) {
        const client = await anybody.signedIn('stranger', language);
        titles.push((await client.settled(path(number), 'choosing')).explanation.title);
        titles.push((await client.expect(409, 'POST', `${path(number)}/ask-again`)).detail);
    }
    equal(new Set(titles).size, 6, 'six different texts');
});

test('who may do what', async () => {
    const [one, other, clerk] = [await anybody.signedIn('stranger'), await anybody.signedIn('kin_spouse'), await anybody.signedIn('hall_clerk')];
    const number = (await one.get('/applications')).applications[0].number;
    const without = await anybody.call('GET', '/applications');
    equal([without.status, without.body.code], [401, 'unauthorized'], 'no token');
    ok(without.headers.get('www-authenticate')?.startsWith('Bearer'), 'says how');
    equal((await other.expect(403, 'GET', path(number))).code, 'not_yours', 'another person');
    equal((await other.expect(403, 'GET', `${path(number)}/letter`)).code, 'not_yours', 'another person\'s letter');
    equal((await other.expect(403, 'GET', `${path(number)}/consent`)).code, 'not_yours', 'not asked');
    equal((await one.expect(403, 'GET', `${path(number)}/consent`)).code, 'not_yours', 'the applicant is no owner');
    equal((await other.expect(403, 'POST', `${path(number)}/cancellation`)).code, 'not_yours', 'another person\'s step');
    equal((await clerk.expect(403, 'GET', '/applications')).code, 'forbidden', 'a clerk is no citizen here');
    equal((await one.expect(403, 'POST', '/desk/hall', { applicant: one.person.iin, rka: 'x', owner: one.person.iin, service: 'residence' })).code, 'forbidden', 'a citizen is no clerk');
    equal((await one.expect(404, 'GET', path('T-999999-0'))).code, 'not_found', 'no such number');
    equal((await one.expect(404, 'GET', '/nothing')).code, 'not_found', 'no such path');
    const wrong = await one.call('PUT', '/applications', {});
    equal([wrong.status, wrong.headers.get('allow')], [405, 'GET, POST'], 'Allow');
    equal((await new Client(demo.url, { token: 'x'.repeat(43) }).call('GET', '/applications')).status, 401, 'a made-up token');
    await one.expect(204, 'DELETE', '/session');
    equal((await one.call('GET', '/applications')).status, 401, 'after signing out');
});

test('If-Match, wrong codes, too many codes', async () => {
    const client = await anybody.signedIn('kin_parent');
    const number = await file(client);
    await choose(client, number, 'parent');
    await client.settled(path(number), 'coupon');
    const reply = await client.call('GET', path(number));
    equal(reply.headers.get('etag'), `"${reply.body.version}"`, 'ETag');
    const put = (tag) => client.call('PUT', `${path(number)}/coupon`, coupon, { headers: { 'if-match': tag } });
    const stale = await put('"1"');
    equal([stale.status, stale.body.code], [412, 'changed_meanwhile'], 'an old version');
    equal((await put(reply.headers.get('etag'))).status, 200, 'the present version');
    equal((await put('*')).status, 200, 'any version');
    equal((await client.expect(400, 'PUT', `${path(number)}/coupon`, { ...coupon, arrived: '2026-03-03' })).errors, [{ field: 'arrived', code: 'wrong_value', detail: (await client.expect(400, 'PUT', `${path(number)}/coupon`, { ...coupon, reason: '' })).errors[0].detail }], 'a day to come');
    equal((await client.expect(400, 'POST', `${path(number)}/signature`, { code: '000000' })).code, 'code_void', 'before there is a code');
    const code = await codeFor(client, number);
    const wrong = code === '111111' ? '222222' : '111111';
    equal((await client.expect(400, 'POST', `${path(number)}/signature`, { code: wrong })).code, 'code_wrong', 'a wrong code');
    await codeFor(client, number);
    await codeFor(client, number);
    equal((await client.expect(429, 'POST', `${path(number)}/code`)).code, 'too_many_codes', 'a fourth code');
    equal((await client.expect(400, 'POST', `${path(number)}/signature`, { code })).code, 'code_wrong', 'a code that was replaced');
});

test('Idempotency-Key: carried out once, answered alike', async () => {
    const client = await anybody.signedIn('kin_spouse', 'ru'), key = randomUUID(), body = { service: 'residence', rka: client.person.rka };
    const send = (one, where, sent, idempotencyKey, language = 'ru') => one.call('POST', where, sent, { headers: { 'idempotency-key': idempotencyKey, 'accept-language': language } });
    const whole = ({ status, headers, body: text }) => [status, [...headers].filter(([name]) => name !== 'date'), text];
    const mine = async () => (await client.get('/applications')).applications.length;
    const before = await mine();
    const first = await send(client, '/applications', body, key);
    equal(first.status, 201, 'filed');
    const { number } = first.body;
    await client.settled(path(number), 'choosing');
    equal(whole(await send(client, '/applications', body, key, 'en')), whole(first), 'the same answer, though the case has gone on');
    equal(whole(await send(await anybody.signedIn('kin_spouse'), '/applications', body, key)), whole(first), 'in another session too');
    const reused = await send(client, '/applications', { ...body, rka: '1' }, key);
    equal([reused.status, reused.body.code, reused.body.status], [422, 'idempotency_key_reused', 422], 'with another body');
    equal((await send(client, `${path(number)}/cancellation`, undefined, key)).status, 422, 'with another step');
    equal([(await send(client, '/applications', body, 'short')).body.code, await mine()], ['idempotency_key_wrong', before + 1], 'no key');
    const stranger = await anybody.signedIn('stranger');
    equal((await send(stranger, '/applications', { ...body, rka: stranger.person.rka }, key)).status, 201, 'keys of two persons do not meet');
    const cancel = randomUUID(), again = randomUUID();
    equal((await send(client, `${path(number)}/cancellation`, undefined, cancel)).body.state, 'cancelled', 'a step');
    equal((await send(client, `${path(number)}/cancellation`, undefined, cancel)).body.state, 'cancelled', 'and once more');
    equal((await client.expect(409, 'POST', `${path(number)}/cancellation`)).code, 'step_not_possible', 'not without the key');
    const both = await Promise.all([0, 1, 2, 3].map(() => send(client, '/applications', body, `"${again}"`)));
    ok(both.every(({ status, body: got }) => status === 201 || got.code === 'idempotency_key_busy'), 'at once');
    equal([new Set(both.filter(({ status }) => status === 201).map(({ body: got }) => got.number)).size, await mine()], [1, before + 2], 'only one');
});

test('bytes that are no request of ours', async () => {
    const client = await anybody.signedIn('kin_spouse');
    const send = (body, headers = {}) => client.call('POST', '/applications', body, { raw: true, headers });
    const first = async (body, headers) => { const reply = await send(body, headers); return [reply.status, reply.body.errors?.[0].code ?? reply.body.code, reply.body.errors?.[0].field]; };
    equal(await first('{'), [400, 'bad_json', ''], 'not JSON');
    equal(await first('[]'), [400, 'wrong_type', ''], 'an array');
    equal(await first('{"service":"residence","rka":"1"} x'), [400, 'bad_json', ''], 'trailing bytes');
    equal(await first('{"rka":"1","service":"residence","rka":"2"}'), [400, 'repeated_key', 'rka'], 'a member twice');
    equal(await first('{"rka":"1\\u0000","service":"residence"}'), [400, 'wrong_value', 'rka'], 'NUL');
    equal(await first(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), [400, 'bad_json', ''], 'not UTF-8');
    equal(await first('{"rka":"a b","service":"residence"}'), [400, 'wrong_value', 'rka'], 'a code with a space');
    equal(await first('{"rka":"1","service":"residence","months":1}'), [400, 'wrong_value', 'months'], 'a term of residence');
    equal(await first('rka=1', { 'content-type': 'application/x-www-form-urlencoded' }), [415, 'unsupported_media_type', undefined], 'a form');
    equal((await send('{"service":"residence","rka":"1"}', { 'content-type': 'application/json; charset=utf-8' })).status, 201, 'charset');
    equal((await send(`{"rka":"${'x'.repeat(70000)}"}`)).status, 413, 'too large');
    equal((await client.call('POST', '/applications?x=1', { service: 'residence', rka: '1' })).body.errors[0], { field: 'x', code: 'unknown_key', detail: (await client.call('GET', '/applications?y=1')).body.errors[0].detail }, 'queries too');
    equal((await client.call('GET', '/readings?day=2026-02-30')).body.errors[0].code, 'wrong_value', 'no such day');
});

// Each body with one thing changed: the server refuses exactly what the description refuses.
test('server and description judge bodies alike', async () => {
    const client = { citizen: await anybody.signedIn('kin_full_sibling'), reception: await anybody.signedIn('reception_clerk'), hall: await anybody.signedIn('hall_clerk') };
    const absent = '/applications/T-999999-7', none = '/desk/applications/T-999999-7';
    const iin = client.citizen.person.iin;
    const bodies = [
        ['citizen', 'POST', '/lookups', 'LookupRequest', { owner: iin, address: 'x' }], ['citizen', 'POST', '/lookups', 'LookupRequest', { mine: true }],
        ['citizen', 'POST', '/lookups', 'LookupRequest', { rka: '1' }], ['citizen', 'PUT', `${absent}/coupon`, 'Coupon', coupon],
        ['citizen', 'POST', `${absent}/signature`, 'SignatureRequest', { code: '123456' }], ['citizen', 'POST', `${absent}/consent`, 'ConsentRequest', { agree: true, code: '123456' }],
        ['citizen', 'POST', `${absent}/consent`, 'ConsentRequest', { agree: false }], ['citizen', 'POST', `${absent}/relation`, 'RelationRequest', { degree: 'child' }],
        ['hall', 'POST', `${none}/documents`, 'DocumentsRequest', { in_order: false, why_not: 'x' }],
        ['hall', 'POST', `${none}/documents`, 'DocumentsRequest', { in_order: true, representative: iin, basis: 'parent', document: 'x', identity_checked: true, authority_checked: true, consent_given: true, presence: true, coupon }],
        ['reception', 'POST', '/desk/reception', 'ReceptionRequest', { applicant: iin, rka: '1' }],
    ];
    let tried = 0, refused = 0;
    for (const [role, method, where, schema, body] of bodies) {
        for (const changed of variants(body)) {
            const described = schemas.faults(schemas.resolve(`#/components/schemas/${schema}`), changed).length === 0;
            const reply = await client[role].call(method, where, changed);
            ok((reply.status !== 400) === described, `${where}: ${JSON.stringify(changed)}: ${reply.status}, but the description ${described ? 'allows' : 'forbids'} it`);
            tried++;
            refused += !described;
        }
    }
    ok(tried > 300 && refused > 250, `${tried} bodies, ${refused} refused`);
});
function* variants(body) {
    const others = ['', 'x', 'x'.repeat(301), 0, 1, -1, 21, 1.5, true, false, {}, [], '2026-02-29', '123456', '12345', 'child', '000101000005'.slice(1)];
    yield body;
    yield { ...body, unknown: 1 };
    for (const name of Object.keys(body)) {
        const { [name]: gone, ...rest } = body;
        if (Object.keys(rest).length > 0 || gone !== undefined) yield rest;
        for (const other of others) if (!dubious(name, other)) yield { ...body, [name]: other };
        if (typeof gone === 'object') for (const inner of variants(gone)) yield { ...body, [name]: inner };
    }
}
// A pattern cannot say that there is no such day, nor count a check digit, nor that a side goes with some degrees only.
const dubious = (name, value) => (name === 'arrived' && value === '2026-02-29') || (name === 'mine' && value === false);

// ---- other installations ----

test('after the pilot: the ordinary procedure', async () => {
    const later = await startDemonstration('2026-07-15');
    try {
        const client = await new Client(later.url).signedIn('kin_child');
        const number = (await client.post('/applications', { service: 'residence', rka: client.person.rka }, 201)).number;
        const at = await client.settled(path(number), 'coupon');
        equal([at.ordinary_procedure, at.decision.outcome, at.decision.paragraph, at.decision.edition], [true, 'pilot_not_in_force', 'order 6', null], 'decision');
        ok(at.explanation.reasons.length > 0, 'explained');
    } finally {
        await later.stop();
    }
});

test('outside of the demonstration its door does not exist', async () => {
    const server = await startServer();
    try {
        const client = new Client(server.url);
        equal((await client.get('/health')).demonstration, false, 'health');
        await client.expect(404, 'GET', '/demo/people');
        await client.expect(404, 'POST', '/demo/session', { person: 'kin_child' });
        await client.expect(401, 'GET', '/applications');
    } finally {
        equal(await server.stop(), 0, 'stops cleanly');
    }
});

// ---- signing in eGov Mobile ----

// Somebody begins to sign in with a signature; the page with the code is read as a browser without scripts does.
async function beginSignIn() {
    const begun = await fetch(`${demo.url}/sign-in/eds`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'role=citizen' });
    equal(begun.status, 303, 'asked for a signature');
    const page = begun.headers.get('location'), cookie = begun.headers.get('set-cookie').split(';')[0];
    const read = (where) => fetch(`${demo.url}${where}`, { redirect: 'manual', headers: { cookie } });
    const html = await (await read(`${page}/phone`)).text();
    ok(/<svg class="code"/.test(html), 'the page has a QR code');
    return { page, read, launch: launchOf(html) };
}
function launchOf(html) {
    return html.match(/href="(https:\/\/m\.egov\.kz\/mobileSign\/[^"]+)"/)[1].replaceAll('&amp;', '&');
}
function egovMobile() {
    const prefix = `${demo.url}/api/v1`;
    return new EgovMobile((method, address, body, token) => {
        ok(address.startsWith(prefix), `an address of ours: ${address}`);
        return new Client(demo.url, { token }).call(method, address.slice(prefix.length), body);
    }, demo.stand);
}

test('eGov Mobile: a code is scanned, signed and accepted once; the browser goes on', async () => {
    const phone = egovMobile(), { page, read, launch } = await beginSignIn();
    const { body: link } = await phone.scan(launch);
    const { body: wanted } = await phone.documents(link);
    ok(new Date(link.expiry_date) > new Date(), 'it has not expired');
    const content = JSON.parse(Buffer.from(wanted.documentsToSign[0].document.file.data, 'base64'));
    equal(content.purpose, 'sign_in', 'what is signed can be read');
    equal(wanted.documentsToSign[0].meta.map(({ value }) => value).slice(1), ['Азамат'], 'as whom, in the language of the page');
    const signed = await phone.sign(wanted, { iin: people[0].iin, signIn: true });
    equal((await phone.put(link, signed)).status, 200, 'accepted');
    equal((await phone.put(link, signed)).status, 200, 'the very same once more');
    const other = await phone.sign(wanted, { iin: people[1].iin, signIn: true });
    equal((await phone.put(link, other)).status, 409, 'another one');
    equal((await phone.scan(launch)).status, 409, 'the code is spent');
    equal((await phone.documents(link)).status, 409, 'and so is its token');
    for (const end = Date.now() + 15000; ; await sleep(100)) {
        const reply = await read(page);
        if (reply.status === 303 && /tirkeu=/.test(reply.headers.get('set-cookie') ?? '')) break;
        ok(Date.now() < end, `the browser is not signed in: ${reply.status}`);
    }
});

test('eGov Mobile: the application names what is signed, in the language of the page, and nobody', async () => {
    const client = await anybody.signedIn('outside_astana');
    const number = await file(client);
    await client.settled(path(number), 'coupon');
    await client.expect(200, 'PUT', `${path(number)}/coupon`, coupon);
    const { dwelling: { address } } = await client.get(path(number));
    const form = (where, body, cookie = '') => fetch(`${demo.url}${where}`, { method: 'POST', redirect: 'manual', body,
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' } });
    const session = (await form('/sign-in', 'person=outside_astana&next=')).headers.get('set-cookie').split(';')[0];
    const look = async (where, language) => (await fetch(`${demo.url}${where}`, { headers: { cookie: `${session}; tirkeu_language=${language}` } })).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(await look('/applications', 'kk'))[1];
    const page = (await form(`/applications/${number}/sign`, `csrf=${encodeURIComponent(csrf)}`, session)).headers.get('location');
    const services = { kk: 'Тұрғылықты жері бойынша тіркеу', ru: 'Регистрация по месту жительства', en: 'Registration at the place of residence' };
    const phone = egovMobile();
    for (const [language, service] of Object.entries(services)) {
        const launch = launchOf(await look(`${page}/phone`, language));
        const { body: wanted } = await phone.documents((await phone.scan(launch)).body);
        const meta = wanted.documentsToSign[0].meta.map(({ value }) => value);
        equal(meta.slice(1), [number, service, language === 'kk' ? address.kk : address.ru], language);
        ok(!JSON.stringify(meta).includes(client.person.iin), 'no IIN');
    }
    await anybody.expect(404, 'GET', `/mobile/de${new URL(new URL(launchOf(await look(`${page}/phone`, 'ru'))).searchParams.get('link')).pathname.slice('/api/v1/mobile/ru'.length)}`);
});

test('eGov Mobile: a wrong signature is 403, a wrong token 404', async () => {
    const phone = egovMobile(), { launch } = await beginSignIn();
    const { body: link } = await phone.scan(launch);
    const { body: wanted } = await phone.documents(link);
    const strange = { ...link, document: { ...link.document, auth_token: '0'.repeat(64) } };
    equal((await phone.documents(strange)).status, 404, 'a token of nobody');
    equal((await phone.put(strange, wanted)).status, 404, 'likewise to put');
    equal((await phone.put(link, { ...wanted, documentsToSign: [] })).status, 400, 'no document');
    equal((await phone.put(link, wanted)).status, 403, 'the data are no signature');
    const signed = await phone.sign(wanted, { iin: people[0].iin, signIn: true }, Buffer.from('other bytes').toString('base64'));
    equal((await phone.put(link, signed)).status, 403, 'over other bytes');
    equal((await phone.put(link, await phone.sign(wanted, { iin: people[0].iin, signIn: true }))).status, 409, 'a refused request is over');
});

// ---- the description itself ----

test('every route of the API is described, and no other', async () => {
    const source = readFileSync(join(root, 'src/web/routes.c'), 'utf8').replaceAll('CASE', '"/api/v1/applications/:number"').replaceAll('DESK ', '"/api/v1/desk/applications/:number" ').replaceAll('DESK,', '"/api/v1/desk/applications/:number",').replaceAll('" "', '');
    const routes = [...source.matchAll(/\{ (GET|POST|PUT|DELETE), "\/api\/v1([^"]*)"/g)].map(([, method, where]) => `${method} ${where.replace(/:(\w+)/g, '{$1}')}`);
    const described = Object.entries(description.paths).flatMap(([where, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${where}`));
    equal(routes.sort(), described.sort(), 'routes');
});

test('every POST of a signed-in person takes an Idempotency-Key', () => {
    const takes = ({ parameters = [], responses }) => [parameters.some((one) => one.$ref === '#/components/parameters/IdempotencyKey'), '409' in responses, '422' in responses];
    for (const [where, { post }] of Object.entries(description.paths)) if (post) equal(takes(post).filter((_, i) => i !== 1 || !post.security), Array(post.security ? 2 : 3).fill(!post.security), where);
    const source = readFileSync(join(root, 'src/web/routes.c'), 'utf8');
    const rows = [...source.matchAll(/\{ POST, ((?:"\/api|CASE|DESK)[^}]*)\}/g)].map(([, row]) => row);
    for (const row of rows) ok(row.includes('KEYED') !== row.includes('WEB_ANYBODY'), row);
    equal(rows.length, Object.values(description.paths).filter(({ post }) => post).length, 'rows');
});

test('examples are as their schemas say, references resolve, and the validator refuses', async () => {
    let examples = 0;
    const walk = (at) => {
        if (at === null || typeof at !== 'object') return;
        if (typeof at.$ref === 'string') schemas.resolve(at.$ref);
        if (at.schema && at.example !== undefined) { equal(schemas.faults(at.schema, at.example), [], 'example'); examples++; }
        Object.values(at).forEach(walk);
    };
    walk(description);
    ok(examples > 6, `${examples} examples`);
    const small = new Schemas({});
    const point = { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'], additionalProperties: false };
    for (const [schema, bad] of [[point, {}], [point, { x: 1, y: 1 }], [point, { x: 1.5 }], [point, []], [{ enum: ['a'] }, 'b'], [{ const: 1 }, 2], [{ pattern: '^a$' }, 'b'],
        [{ type: ['string', 'null'] }, 1], [{ type: 'array', items: { type: 'string' } }, [1]], [{ oneOf: [{ type: 'integer' }, { minimum: 0 }] }, 1], [{ oneOf: [{ const: 1 }] }, 2]]) {
        ok(small.faults(schema, bad).length > 0, `refuses ${JSON.stringify(bad)}`);
    }
});

test('every operation was carried out, and its important replies were seen', async () => {
    const lacking = Object.entries(description.paths).flatMap(([where, operations]) => Object.entries(operations).flatMap(([method, operation]) =>
        Object.keys(operation.responses).filter((status) => status.startsWith('2')).map((status) => `${method.toUpperCase()} ${where} ${status}`))).filter((one) => !seen.has(one));
    equal(lacking, [], 'replies never seen');
});

// ---- run ----

let passed = 0, failed = 0;
try {
    demo = await startDemonstration();
    anybody = new Client(demo.url);
    ({ people } = await anybody.get('/demo/people'));
} catch (fault) {
    console.log(`FAILED  start\n${fault.stack}`);
    failed++;
}
for (const { name, run } of failed === 0 ? tests : []) {
    const began = Date.now();
    try {
        await run();
        passed++;
        console.log(`ok      ${name} (${Date.now() - began} ms)`);
    } catch (fault) {
        failed++;
        console.log(`FAILED  ${name}\n${fault.stack}`);
    }
}
if (demo && await demo.stop() !== 0) {
    failed++;
    console.log('FAILED  the demonstration did not stop cleanly');
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
