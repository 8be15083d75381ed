// SPDX-License-Identifier: Apache-2.0
// Electronic signatures: with the signer in place of NCALayer (scripts on), as a file (scripts off), and at the door.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const journeys = { signed_by_ncalayer, signed_in, revocation_unknown, policy_approved };

const temporary = { service: 'temporary', months: '6' };

// The citizen signs through NCALayer; the owner, without scripts, by file; both levels are told.
async function signed_by_ncalayer({ step, visitor, demo }) {
    const citizen = await visitor('kin_grandchild', 'kk', 360, { scripts: true });
    const owner = await visitor('kin_grandchild_owner', 'ru');
    const { iin } = await demo.person('kin_grandchild_owner');
    await step('applies and comes to the ways of signing, each with its level', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka }, temporary);
        await citizen.until('state.choosing');
        await citizen.relate('grandchild', 'mother');
        await citizen.until('state.coupon');
        await citizen.fillCoupon();
        await citizen.see('level.eds', 'level.code', 'level.what.eds', 'level.what.code');
    });
    await step('closes the window of NCALayer, and nothing has happened', async () => {
        await citizen.press(`main form[action="${citizen.case('/sign')}"] button`);
        await demo.signer({ mode: 'cancel' });
        await citizen.page.locator('#signer-button').click();
        await citizen.page.locator('#signer-cancelled').waitFor({ state: 'visible' });
        await demo.signer({ mode: 'ok' });
    });
    await step('signs with NCALayer', async () => {
        await citizen.signByNcalayer();
        await citizen.until('state.consent', { reload: true });
    });
    await step('somebody else\'s signature is refused, with the reason and what to do', async () => {
        await owner.open(`/consents/${citizen.number}`);
        await owner.press(`main form[action="/consents/${citizen.number}/sign"] button`);
        await owner.signByFile((await demo.person('kin_grandchild')).iin);
        await owner.until('signature.refused', { reload: true });
        await owner.see('eds.step.identity', 'eds.reason.identity_other_iin', 'eds.remedy.own_key');
        await owner.look('refused');
    });
    await step('a letter is no signature, and the request stays', async () => {
        await owner.press('main form .button[type=submit]');
        await owner.sendFile('letter.p7s', Buffer.from('Dear sirs'), 422);
        await owner.see('error.signature_unreadable');
    });
    await step('the owner consents by a file, without any script', async () => {
        await owner.signByFile(iin);
        await owner.until('consent.given', { reload: true });
    });
    await step('the citizen is registered; the case says how it was signed', async () => {
        await citizen.until('state.registered', { reload: true });
        await citizen.see('level.eds');
    });
    await step('the evidence verifies again, years later and offline', async () => {
        const audit = demo.run(['audit', 'verify', '--database', demo.database, '--trust', demo.trust]);
        assert.match(audit.said, /the evidence of signatures is whole: \d+ records, each verified again/);
        const record = demo.run(['audit', 'record', '--database', demo.database, '1']);
        const again = demo.run(['eds', 'verify', '--anchors', demo.trust, '--form', 'record', '-'], record.stdout);
        assert.equal(again.status, 0, again.said);
        const forged = demo.run(['eds', 'verify', '--anchors', demo.trust, '--form', 'record', '-'], record.stdout.replace(/"at":"20/, '"at":"21'));
        assert.equal(forged.status, 1, forged.said);
    });
}

// The change of a norm is approved by a second person, at the command line; the author's own signature does not count.
async function policy_approved({ step, visitor, demo }) {
    const [author, approver] = [(await demo.person('kin_spouse')).iin, (await demo.person('hall_clerk')).iin];
    const [policy, bytes, cms] = ['policy.ini', 'policy.json', 'policy.cms'].map((name) => join(demo.folder, name));
    const common = ['--database', demo.database, '--trust', demo.trust, '--demonstration'];
    const approved = () => demo.run(['policy', 'approved', ...common, policy]);
    const ask = (iin) => demo.run(['policy', 'sign-request', ...common, '--author', author, '--approver', iin, '--out', bytes, policy]);
    const approve = async (iin) => {
        const asked = ask(iin);
        assert.equal(asked.status, 0, asked.said);
        writeFileSync(cms, await demo.signed(iin, readFileSync(bytes, 'utf8')));
        const [, request] = /^request (\d+)/.exec(asked.said);
        const put = demo.run(['policy', 'approve', ...common, '--approver', iin, '--request', request, cms]);
        assert.equal(put.status, 3, put.said);
        assert.match(put.said, /^checking: revocation_no_answer/);
    };
    await step('nobody has signed', async () => {
        await (await visitor('', 'ru', 1280)).open('/sign-in');
        writeFileSync(policy, demo.run(['policy', 'show']).stdout);
        assert.equal(approved().status, 1, approved().said);
    });
    await step('the author cannot be the one who approves', async () => assert.equal(ask(author).status, 2));
    await step('a second person approves', async () => {
        await approve(approver);
        for (const end = Date.now() + 20000; approved().status !== 0; await sleep(200)) assert.ok(Date.now() < end, approved().said);
    });
}

// Signing in with the authentication key; without an account nobody is a clerk; NCALayer that does not run has a clear answer.
async function signed_in({ step, visitor, demo }) {
    const { iin } = await demo.person('kin_spouse');
    await step('NCALayer does not run: what to do is said', async () => {
        const early = await visitor('', 'kk', 360, { scripts: true });
        await early.page.routeWebSocket(/^wss:/, (socket) => socket.close());
        await early.open('/sign-in');
        await early.press('form[action="/sign-in/eds"] button[type=submit]');
        await early.page.locator('#signer-button').click();
        await early.page.locator('#signer-absent').waitFor({ state: 'visible' });
        await early.see('sign.absent', 'sign.absent_start', 'sign.absent_install');
        await early.look('absent');
    });
    const guest = await visitor('', 'en', 1280, { scripts: true });
    await step('comes to the page of signing', async () => {
        await guest.open('/sign-in');
        await guest.press('form[action="/sign-in/eds"] button[type=submit]');
    });
    await step('signs in with the authentication key', async () => {
        await demo.signer({ mode: 'ok', iin });
        await guest.signByNcalayer();
        await guest.page.locator('.who-name').waitFor();
        assert.equal(guest.path(), '/applications');
        await guest.press('form[action="/sign-out"] button');
    });
    await step('a citizen without an account does not become a clerk', async () => {
        await guest.open('/sign-in');
        await guest.choose('role', 'hall');
        await guest.press('form[action="/sign-in/eds"] button[type=submit]');
        await guest.signByNcalayer();
        await guest.until('problem.forbidden.title', { ms: 20000 });
        await guest.see('error.no_account');
    });
    await step('the clerk of the hall signs in', async () => {
        await demo.signer({ mode: 'ok', iin: (await demo.person('hall_clerk')).iin });
        await guest.open('/sign-in');
        await guest.choose('role', 'hall');
        await guest.press('form[action="/sign-in/eds"] button[type=submit]');
        await guest.signByNcalayer();
        await guest.page.locator('.who-name').waitFor();
        assert.equal(guest.path(), '/hall');
        await demo.signer({ mode: 'ok', iin: '' });
    });
}

// The responder is silent: the case waits and says so, nobody is refused; when it answers, everything goes on by itself.
async function revocation_unknown({ step, visitor, demo }) {
    const citizen = await visitor('kin_parent', 'ru');
    const { iin } = await demo.person('kin_parent');
    await step('the signature is held while the responder is silent', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka }, temporary);
        await citizen.until('state.choosing');
        await citizen.relate('parent');
        await citizen.until('state.coupon');
        await citizen.fillCoupon();
        await demo.authority('ocsp', 'error');
        await citizen.press(`main form[action="${citizen.case('/sign')}"] button`);
        await citizen.signByFile(iin);
        await citizen.until('signature.checking');
        await citizen.see('signature.checking.next', 'eds.step.revocation');
        await citizen.look('checking');
    });
    await step('it goes on by itself when the responder answers', async () => {
        await demo.authority('ocsp', 'ok');
        await citizen.until('state.consent');
    });
}
