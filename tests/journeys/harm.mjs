// SPDX-License-Identifier: Apache-2.0
// What must do no harm: wrong codes, the back button, double clicks, other people's eyes; and the pages around the cases.
import assert from 'node:assert/strict';
import { languages } from './words.mjs';

export const journeys = { around, changed_mind, wrong_code, twice, other_eyes };

// Pages that belong to no case, forms that are sent empty, in every language.
async function around({ step, visitor }) {
    for (const language of languages) {
        await step(`guests and empty forms in ${language}`, async () => {
            const guest = await visitor(null, language);
            await guest.open('/');
            await guest.see('home.title', 'home.step_4');
            await guest.open('/sign-in');
            await guest.open('/no-such-page', 404);
            await guest.see('problem.absent.title');
            await guest.open('/applications');
            assert.equal(guest.path(), '/sign-in');
            const citizen = await visitor('kin_grandparent', language);
            await citizen.open('/');
            await citizen.open('/new');
            await citizen.submit(422);
            await citizen.see('problem.summary', 'new.service.missing');
            await citizen.open('/new/dwelling?service=residence&months=0');
            await citizen.submit(422);
            await citizen.see('new.way.missing');
            await citizen.fill({ way: 'owner', owner: '123456789012', address: 'Сарыарқа' });
            await citizen.submit(422);
            await citizen.see('form.iin_wrong');
            assert.equal(await citizen.page.locator('[name=address]').inputValue(), 'Сарыарқа');
            await citizen.open('/phone');
            await citizen.open('/hall', 403);
            await citizen.see('problem.forbidden.title');
        });
    }
    await step('a dwelling that is not there', async () => {
        const citizen = await visitor('kin_grandparent', 'ru');
        await citizen.open('/new/dwelling?service=residence&months=0');
        await citizen.fill({ way: 'rka', rka: '0000000000000000' });
        await citizen.submit();
        await citizen.until('new.nothing');
        await citizen.see('new.nothing_what');
    });
    await step('signing out closes the session', async () => {
        const citizen = await visitor('kin_grandparent', 'kk');
        const cookies = await citizen.context.cookies();
        await citizen.press('.who form button');
        await citizen.context.addCookies(cookies);
        await citizen.page.goto('/applications');
        assert.equal(citizen.path(), '/sign-in');
    });
}

// The language keeps the page; the form keeps what was typed; the application is cancelled.
async function changed_mind({ step, visitor }) {
    const citizen = await visitor('kin_parent', 'kk');
    await step('another language shows the same page', async () => {
        await citizen.findDwelling({ way: 'rka', rka: citizen.rka });
        const before = citizen.page.url();
        await citizen.press('nav.languages a[hreflang=ru]');
        assert.equal(citizen.page.url(), before);
        citizen.language = 'ru';
        assert.equal(await citizen.heading(), citizen.word('new.confirm.title'));
        await citizen.submit();
        citizen.number = citizen.path().split('/')[2];
        await citizen.until('state.choosing');
        await citizen.press(`main a[href="${citizen.case('/relation')}"]`);
        await citizen.press('nav.languages a[hreflang=en]');
        citizen.language = 'en';
        assert.equal(citizen.path(), citizen.case('/relation'));
        assert.equal(await citizen.heading(), citizen.word('relation.title'));
    });
    await step('the coupon names each mistake and loses nothing', async () => {
        await citizen.submit(422);
        await citizen.see('relation.missing');
        await citizen.fill({ degree: 'parent' });
        await citizen.submit();
        await citizen.until('state.coupon');
        await citizen.press(`main a[href="${citizen.case('/coupon')}"]`);
        await citizen.fill({ previous_place: 'Алматы', arrived: '2026-03-03' });
        await citizen.submit(422);
        assert.equal(await citizen.page.locator('[name=previous_place]').inputValue(), 'Алматы');
        await citizen.see('coupon.reason.missing', 'coupon.marital.missing');
        await citizen.fill({
            reason: 'work', education: 'secondary', marital: 'widowed', occupation: 'pensioner', arrives_with: 'alone', children_under_14: '1',
        });
        await citizen.submit(422);
        await citizen.see('coupon.children.alone');
        await citizen.fill({ children_under_14: '0' });
        await citizen.submit(422);
        await citizen.see('coupon.arrived.wrong');
        await citizen.fill({ arrived: '2026-03-01' });
        await citizen.submit();
    });
    await step('an answer is changed from the page that shows all', async () => {
        await citizen.press(`main a[href="${citizen.case('/coupon')}#occupation"]`);
        await citizen.fill({ occupation: 'not_working' });
        await citizen.submit();
        await citizen.see('coupon.occupation.not_working');
    });
    await step('cancels, after thinking twice', async () => {
        await citizen.open(citizen.case());
        await citizen.press(`main a[href="${citizen.case('/cancel')}"]`);
        await citizen.press(citizen.button('cancel.no'));
        assert.equal(await citizen.heading(), citizen.word('state.signing'));
        await citizen.press(`main a[href="${citizen.case('/cancel')}"]`);
        await citizen.press(citizen.button('cancel.yes'));
        assert.equal(await citizen.heading(), citizen.word('state.cancelled'));
    });
    await step('a cancelled application goes nowhere', async () => {
        await citizen.open(citizen.case('/check'));
        await citizen.press(citizen.button('check.send_code'), 409);
        await citizen.see('problem.conflict.title');
    });
}

async function wrong_code({ step, visitor }) {
    const citizen = await visitor('kin_full_sibling', 'kk');
    const owner = await visitor('kin_full_sibling_owner', 'ru');
    const another = (code) => String((Number(code) + 1) % 1000000).padStart(6, '0');
    let code = '';
    await step('a wrong code, letters, nothing: said, and the right one still works', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka });
        await citizen.until('state.choosing');
        await citizen.relate('full_sibling');
        await citizen.until('state.coupon');
        await citizen.fillCoupon();
        code = await citizen.askForCode(citizen.button('check.send_code'), citizen.number);
        await citizen.submit(422);
        await citizen.see('code.missing');
        await citizen.fill({ code: 'qwerty' });
        await citizen.submit(422);
        await citizen.see('code.shape');
        await citizen.fill({ code: another(code) });
        await citizen.submit(422);
        await citizen.see('problem.summary');
        await citizen.fill({ code: `${code.slice(0, 3)} ${code.slice(3)}` });
        await citizen.submit();
        assert.equal(await citizen.heading(), citizen.word('state.consent'));
    });
    await step('five wrong codes of the owner spend the code; a new one works', async () => {
        await owner.open(`/consents/${citizen.number}`);
        code = await owner.askForCode(owner.button('check.send_code'), citizen.number);
        for (let i = 0; i < 5; i++) {
            await owner.fill({ agree: 'yes', code: another(code) });
            await owner.submit(422);
        }
        await owner.fill({ agree: 'yes', code });
        await owner.submit(422);
        code = await owner.askForCode(owner.button('code.again'), citizen.number);
        await owner.fill({ agree: 'yes', code });
        await owner.submit();
        assert.equal(await owner.heading(), owner.word('consent.given'));
        await citizen.until('state.registered', { reload: true });
    });
}

// Sends the form of the page twice at the same time, as an impatient finger does; the statuses of both.
async function sendTwice(visitor, selector = 'main form') {
    const form = visitor.page.locator(selector).first();
    const path = await form.getAttribute('action');
    const fields = await form.evaluate((f) => [...new FormData(f)]);
    const send = () => visitor.context.request.post(path, { form: Object.fromEntries(fields), maxRedirects: 0 });
    const replies = await Promise.all([send(), send()]);
    const statuses = replies.map((reply) => reply.status()).sort();
    for (const status of statuses) assert.ok(status === 303 || status === 409 || status === 422, `status ${status} of ${path}`);
    return { statuses, replies };
}

async function twice({ step, visitor }) {
    const citizen = await visitor('kin_spouse', 'ru');
    await step('a double click opens one application', async () => {
        await citizen.findDwelling({ way: 'rka', rka: citizen.rka });
        const { replies } = await sendTwice(citizen);
        const opened = new Set(replies.map((reply) => reply.headers().location).filter(Boolean));
        assert.equal(opened.size, 1, `one application, not ${[...opened].join(' and ')}`);
        await citizen.open([...opened][0]);
        citizen.number = citizen.path().split('/')[2];
        await citizen.until('state.choosing');
    });
    await step('the back button leads nowhere wrong', async () => {
        await citizen.relate('spouse');
        await citizen.until('state.coupon');
        await citizen.page.goBack();
        await citizen.open(citizen.case('/relation'));
        await citizen.fill({ degree: 'child' });
        await citizen.submit(409);
        await citizen.see('problem.conflict.title');
        await citizen.open(citizen.case());
        assert.equal(await citizen.heading(), citizen.word('state.coupon'));
    });
    await step('a double click signs once', async () => {
        await citizen.fillCoupon();
        const code = await citizen.askForCode(citizen.button('check.send_code'), citizen.number);
        await citizen.fill({ code });
        const { statuses } = await sendTwice(citizen);
        assert.equal(statuses[0], 303);
        await citizen.open(citizen.case());
        assert.equal(await citizen.heading(), citizen.word('state.consent'));
    });
    await step('a double click consents once; registered once', async () => {
        const owner = await visitor('kin_spouse_owner', 'kk');
        await owner.open(`/consents/${citizen.number}`);
        const code = await owner.askForCode(owner.button('check.send_code'), citizen.number);
        await owner.fill({ agree: 'yes', code });
        await sendTwice(owner);
        await owner.open(`/consents/${citizen.number}`);
        assert.equal(await owner.heading(), owner.word('consent.given'));
        await citizen.until('state.registered', { reload: true });
    });
    await step('a form without the session\'s secret is refused', async () => {
        const reply = await citizen.context.request.post(citizen.case('/cancel'), { form: { csrf: 'x' }, maxRedirects: 0 });
        assert.equal(reply.status(), 403);
    });
}

// Nobody else sees a case: not another citizen, not a clerk at a desk it was not taken at, not a guest.
async function other_eyes({ step, visitor }) {
    const citizen = await visitor('kin_in_law', 'ru');
    await step('opens an application', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka });
        await citizen.until('state.choosing');
    });
    await step('another citizen does not see it', async () => {
        const other = await visitor('stranger', 'kk');
        for (const path of ['', '/history', '/letter', '/relation', '/check', '/cancel']) {
            await other.page.goto(citizen.case(path));
            assert.ok(other.status === 403 || other.status === 404, `${path}: ${other.status}`);
            assert.ok(!(await other.text()).includes(citizen.rka), 'the page says nothing of the case');
        }
        await other.look();
        await other.page.goto(`/consents/${citizen.number}`);
        assert.ok(other.status === 403 || other.status === 404, `consent: ${other.status}`);
        const csrf = await other.page.locator('input[name=csrf]').first().inputValue();
        const reply = await other.context.request.post(citizen.case('/cancel'), { form: { csrf }, maxRedirects: 0 });
        assert.ok(reply.status() === 403 || reply.status() === 404, `cancelling: ${reply.status()}`);
    });
    await step('clerks do not see it on the pages of citizens, nor guests', async () => {
        const clerk = await visitor('reception_clerk', 'ru', 1280);
        await clerk.open(citizen.case(), 403);
        const guest = await visitor(null, 'en');
        await guest.open(citizen.case());
        assert.equal(guest.path(), '/sign-in');
        await guest.page.locator('button[name=person][value=kin_in_law]').waitFor();
    });
    await step('signing in leads back to the page that was asked for', async () => {
        const again = await visitor(null, 'ru');
        await again.open(citizen.case());
        again.key = 'kin_in_law';
        again.role = 'citizen';
        await again.press('button[name=person][value=kin_in_law]');
        assert.equal(again.path(), citizen.case());
    });
}
