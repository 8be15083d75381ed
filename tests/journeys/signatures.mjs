// SPDX-License-Identifier: Apache-2.0
// Electronic signatures: with the signer in place of NCALayer (scripts on), as a file (scripts off), and at the door.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const journeys = { signed_by_ncalayer, old_ncalayer, ncalayer_troubles, file_mistakes, signed_in, revocation_unknown, policy_approved };

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

const toTheDoor = async (guest) => {
    await guest.open('/sign-in');
    await guest.press('form[action="/sign-in/eds"] button[type=submit]');
};

// An NCALayer of before 2022 knows neither whose key is wanted nor which: the person chooses, and may choose a wrong one.
async function old_ncalayer({ step, visitor, demo }) {
    const [own, other] = [(await demo.person('kin_in_law')).iin, (await demo.person('kin_parent')).iin];
    const citizen = await visitor('', 'ru', 360, { scripts: true });
    await step('signs in through the older module', async () => {
        await demo.signer({ old: true, iin: own });
        await toTheDoor(citizen);
        await citizen.signByNcalayer();
        await citizen.page.locator('.who-name').waitFor();
        assert.equal(citizen.path(), '/applications');
    });
    await step('cancels in it, and nothing has happened', async () => {
        Object.assign(citizen, { key: 'kin_in_law', role: 'citizen', rka: (await demo.person('kin_in_law')).rka });
        await citizen.apply({ way: 'rka', rka: citizen.rka }, { service: 'temporary', months: '2' });
        await citizen.until('state.choosing');
        await citizen.relate('in_law');
        await citizen.until('state.coupon');
        await citizen.fillCoupon();
        await citizen.press(`main form[action="${citizen.case('/sign')}"] button`);
        await demo.signer({ old: true, mode: 'cancel', iin: own });
        await citizen.tryNcalayer('cancelled');
    });
    await step('chooses the key of somebody else: why it is not accepted, and what to do', async () => {
        await demo.signer({ old: true, iin: other });
        await citizen.signByNcalayer();
        await citizen.until('signature.refused', { reload: true });
        await citizen.see('eds.reason.identity_other_iin', 'eds.remedy.own_key', 'sign.again', 'sign.other_way');
    });
    await step('signs the application with the own key', async () => {
        await demo.signer({ old: true, iin: own });
        await citizen.signAgain();
        await citizen.signByNcalayer();
        await citizen.until('state.consent', { reload: true });
        await demo.signer({ iin: '' });
    });
}

// What can go wrong between the page and NCALayer, and that one may always begin again or take another way.
async function ncalayer_troubles({ step, visitor, demo }) {
    const guest = await visitor('', 'kk', 360, { scripts: true });
    const closed = (socket) => socket.close();
    await step('NCALayer does not run: what to do, where it is to be had, the other ways', async () => {
        await guest.page.routeWebSocket(/^wss:/, closed);
        await toTheDoor(guest);
        const told = await guest.tryNcalayer('absent');
        await guest.see('sign.absent', 'sign.absent_start', 'sign.absent_install', 'sign.absent_allow', 'sign.absent_else');
        assert.equal(await told.getByRole('link', { name: 'pki.gov.kz' }).getAttribute('href'), 'https://pki.gov.kz/');
        await guest.look('absent');
        await told.locator('a[href="#by-file"]').click();
        assert.ok(await guest.page.locator('#by-file').isVisible(), 'the way by file is beside it');
        assert.equal(await told.locator('a[href="#by-phone"]').count(), 1, 'and that by telephone');
    });
    const other = await visitor('', 'ru', 360, { scripts: true });
    await step('the person closes its window', async () => {
        await demo.signer({ mode: 'cancel' });
        await toTheDoor(other);
        await other.tryNcalayer('cancelled');
        await other.see('sign.cancelled');
    });
    await step('it cannot open the key, or answers what nobody understands', async () => {
        await demo.signer({ mode: 'error' });
        await other.tryNcalayer('failed');
        await other.see('sign.failed', 'sign.failed_what', 'sign.failed_said', 'scripted');
        await demo.signer({ mode: 'garbage' });
        await other.tryNcalayer('failed');
        assert.ok(!(await other.page.locator('#signer-said').isVisible()), 'it said nothing that could be read');
    });
    await step('it never answers: the person stops waiting, and then signs', async () => {
        await demo.signer({ mode: 'silent' });
        const waiting = await other.tryNcalayer('wait');
        await other.look('waiting');
        await waiting.getByRole('button', { name: other.word('sign.stop') }).click();
        await demo.signer({ iin: (await demo.person('kin_spouse')).iin });
        await other.signByNcalayer();
        await other.page.locator('.who-name').waitFor();
        await demo.signer({ iin: '' });
    });
}

// Without scripts: every wrong file is answered with what is wrong and what to do, and the right one is taken in the end.
async function file_mistakes({ step, visitor, demo }) {
    const [iin, revoked] = [(await demo.person('kin_child')).iin, (await demo.person('stranger')).iin];
    const guest = await visitor('', 'ru');
    const pdf = (bytes) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes, ' '), Buffer.from('\n%%EOF\n')]);
    await step('by telephone: the link for this very telephone, then the code for another one', async () => {
        await toTheDoor(guest);
        await guest.press('main a[href$="/phone"]');
        await guest.see('mobile.same_device', 'mobile.launch', 'mobile.other_device', 'mobile.scan');
        await guest.press('main a.back');
    });
    await step('no file, an empty one, a document in place of its signature', async () => {
        const mistakes = [
            [() => guest.press('main form[enctype="multipart/form-data"] button[type=submit]', 422), 'sign.file_missing'],
            [() => guest.sendFile('empty.cms', Buffer.alloc(0), 422), 'sign.file_missing'],
            [() => guest.sendFile('document.pdf', pdf(20000), 422), 'error.signature_unreadable'],
            [() => guest.sendFile('scan.pdf', pdf(3000000), 422), 'error.signature_large'],
        ];
        for (const [send, said] of mistakes) {
            await send();
            await guest.see(said);
            assert.equal(await guest.page.locator('.errors[role=alert] a[href="#file"]').count(), 1, 'the summary leads to the field');
            assert.equal(await guest.page.locator('#file').getAttribute('aria-describedby'), 'file-hint file-error');
        }
    });
    await step('a signature over something else', async () => {
        await guest.signByFile(iin, { signIn: true, other: '{"purpose":"sign_in"}' });
        await guest.until('signature.refused', { reload: true });
        await guest.see('eds.reason.content_digest', 'eds.remedy.same_bytes', 'sign.again');
    });
    await step('a certificate that has run out, the key for signing in place of the other, a revoked one', async () => {
        await demo.revoke(revoked);
        const keys = [[iin, { signIn: true, expired: true }, 'eds.reason.chain_expired', 'eds.remedy.new_key'],
            [iin, {}, 'eds.reason.purpose_other', 'eds.remedy.other_key'],
            [revoked, { signIn: true }, 'eds.reason.revocation_revoked', 'eds.remedy.new_key']];
        for (const [who, how, ...said] of keys) {
            await guest.signAgain();
            await guest.signByFile(who, how);
            await guest.until('signature.refused', { reload: true });
            await guest.see(...said, 'sign.again');
        }
    });
    await step('the right one', async () => {
        await guest.signAgain();
        await guest.signByFile(iin, { signIn: true, enters: true });
        await guest.page.locator('.who-name').waitFor();
        assert.equal(guest.path(), '/applications');
    });
}

// The change of a norm is signed by its author and by a second person, at the command line; neither of them alone is enough.
async function policy_approved({ step, visitor, demo }) {
    const [author, second] = [(await demo.person('kin_spouse')).iin, (await demo.person('hall_clerk')).iin];
    const [policy, bytes, cms] = ['policy.ini', 'policy.json', 'policy.cms'].map((name) => join(demo.folder, name));
    const common = ['--database', demo.database, '--trust', demo.trust, '--demonstration'];
    const approved = () => demo.run(['policy', 'approved', ...common, policy]);
    const ask = (iin) => demo.run(['policy', 'sign-request', ...common, '--author', author, '--signer', iin, '--out', bytes, policy]);
    const sign = async (iin) => {
        const asked = ask(iin);
        assert.equal(asked.status, 0, asked.said);
        writeFileSync(cms, await demo.signed(iin, readFileSync(bytes, 'utf8')));
        const [, request] = /^request (\d+)/.exec(asked.said);
        const put = demo.run(['policy', 'approve', ...common, '--signer', iin, '--request', request, cms]);
        assert.equal(put.status, 3, put.said);
        assert.match(put.said, /^checking: revocation_no_answer/);
    };
    const until = async (done) => {
        for (const end = Date.now() + 20000; !done(); await sleep(200)) assert.ok(Date.now() < end, approved().said);
    };
    await step('nobody has signed', async () => {
        await (await visitor('', 'ru', 1280)).open('/sign-in');
        writeFileSync(policy, demo.run(['policy', 'show']).stdout);
        assert.equal(approved().status, 1, approved().said);
        assert.match(approved().said, /--signer AUTHOR [^]*--signer SECOND /);
    });
    await step('the second person alone is not enough', async () => {
        await sign(second);
        await until(() => approved().said.startsWith('not approved: the author whom the second person names has not signed'));
        assert.equal(approved().status, 1);
        assert.match(approved().said, /--signer AUTHOR /);
        assert.doesNotMatch(approved().said, /--signer SECOND /);
    });
    await step('the author signs too', async () => {
        await sign(author);
        await until(() => approved().status === 0);
        assert.match(approved().said, /^approved by its author, signature \d+, and by a second person, signature \d+/);
    });
}

// Signing in with the authentication key; without an account nobody is a clerk.
async function signed_in({ step, visitor, demo }) {
    const { iin } = await demo.person('kin_spouse');
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
