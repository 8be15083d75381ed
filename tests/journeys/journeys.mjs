// SPDX-License-Identifier: Apache-2.0
// What people come for, from the first page to the last.  Each can be run alone; they share one demonstration.
import assert from 'node:assert/strict';
import * as harm from './harm.mjs';
import * as office from './office.mjs';
import * as signatures from './signatures.mjs';

// Registers of the stand are put to silence in the last ones.
export const journeys = {
    within_norm, kin_confirmed, kin_missing, wrong_degree, student, own_dwelling, ...office.journeys, company_owner, owner_declines,
    ...harm.journeys, ...signatures.journeys, register_down,
};

// A dwelling with room: no relation is asked for; the owner consents; registered.
async function within_norm({ step, visitor }) {
    const citizen = await visitor('within_norm', 'kk');
    await step('applies by the code of the address', async () => {
        await citizen.open('/applications');
        await citizen.see('mine.none');
        await citizen.apply({ way: 'rka', rka: citizen.rka });
    });
    await step('the norm is not reached, so that no relation is asked for', async () => {
        await citizen.until('state.coupon');
        await citizen.see('norm.not_reached', 'reason.norm_not_reached');
        assert.equal(await citizen.page.locator('a[href$="/relation"]').count(), 0);
    });
    await step('fills in the coupon, checks it and signs with the code', async () => {
        await citizen.fillCoupon({ arrives_with: 'family', children_under_14: '2', marital: 'married' });
        await citizen.see('Қарағанды қаласы', 'coupon.reason.family', 'coupon.arrives_with.family');
        await citizen.sign();
        assert.equal(await citizen.heading(), citizen.word('state.consent'));
    });
    await step('the owner consents', async () => {
        const owner = await visitor('within_norm_owner', 'ru');
        await owner.consent(citizen.number, 'yes');
        assert.equal(await owner.heading(), owner.word('consent.given'));
        await owner.open('/applications');
    });
    await step('is registered', async () => {
        await citizen.until('state.registered', { reload: true });
        await citizen.see('registered.title', 'registered.what', citizen.number);
        await citizen.open('/applications');
        await citizen.look('with rows');
        await citizen.open(citizen.case('/history'));
        await citizen.see('state.asking', 'state.consent', 'state.registered');
    });
}

// The norm is reached; a half brother or sister by the mother, proved by two birth acts.
async function kin_confirmed({ step, visitor }) {
    const citizen = await visitor('kin_half_sibling', 'ru');
    await step("applies by the owner's IIN", async () => {
        await citizen.apply({ way: 'owner', owner: citizen.owner });
        await citizen.until('state.choosing');
        await citizen.see('norm.reached');
    });
    await step('is asked by which parent, and nothing chosen is lost', async () => {
        await citizen.press(`main a[href="${citizen.case('/relation')}"]`);
        await citizen.fill({ degree: 'half_sibling' });
        await citizen.submit(422);
        await citizen.see('relation.side.missing');
        assert.ok(await citizen.page.locator('input[name=degree][value=half_sibling]').isChecked());
        await citizen.choose('side', 'mother');
        await citizen.submit();
    });
    await step('the acts prove it', async () => {
        await citizen.until('state.coupon');
        await citizen.look('kin');
        await citizen.see('reason.kinship_confirmed', 'answer.proof');
        assert.equal(await citizen.page.locator('h3 + ul li', { hasText: /№\s\d\d-\d{4}-\d+/ }).count(), 2);
    });
    await step('signs', async () => {
        await citizen.fillCoupon();
        await citizen.see('degree.half_sibling');
        await citizen.sign();
    });
    await step('the owner consents, the citizen is registered', async () => {
        const owner = await visitor('kin_half_sibling_owner', 'kk');
        await owner.consent(citizen.number, 'yes');
        await citizen.until('state.registered', { reload: true });
    });
}

// The mother's birth act is not on record: the answer names the act, whose it is and what to do.
async function kin_missing({ step, visitor }) {
    const citizen = await visitor('kin_no_birth_act', 'en');
    await step('is not confirmed', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka });
        await citizen.until('state.choosing');
        await citizen.relate('grandchild', 'mother');
        await citizen.until('state.not_confirmed');
    });
    await step('the answer names the act, whose it is, and the way forward', async () => {
        await citizen.see('reason.kinship_not_confirmed', 'answer.missing', 'missing.no_birth_act', 'missing_remedy.no_birth_act');
        const whose = await citizen.page.locator('.missing li', { hasText: citizen.word('missing.no_birth_act') }).innerText();
        assert.ok(whose.includes(citizen.word('whom.applicant_mother')), `it says whose act it is: ${whose}`);
        assert.equal(await citizen.page.locator('.reason-remedy').count() > 0, true);
    });
    await step('the letter to take along names the act and whose it is', async () => {
        const { name, text } = await citizen.download(citizen.button('letter.link'));
        assert.equal(name, `${citizen.number}-en.txt`);
        for (const key of ['outcome.kinship_not_confirmed', 'missing.no_birth_act', 'missing_remedy.no_birth_act', 'whom.applicant_mother'])
            assert.ok(text.includes(citizen.word(key)), `the letter says "${citizen.word(key)}"; it says: ${text}`);
        assert.doesNotMatch(text, /(?<!\d)\d{12}(?!\d)/, 'no IIN in the letter');
    });
    await step('asks again: the record is as it was', async () => {
        await citizen.press(citizen.button('case.ask_again'));
        await citizen.until('state.not_confirmed');
    });
    await step('chooses another relation: another record is named', async () => {
        await citizen.press(citizen.button('case.choose_other'));
        await citizen.fill({ degree: 'spouse' });
        await citizen.submit();
        await citizen.until('state.not_confirmed');
        await citizen.see('missing.no_marriage_act');
    });
}

// A grandchild who says "child": told which degree is on record, and nothing else; the mart then confirms it, a day old.
async function wrong_degree({ step, visitor }) {
    const citizen = await visitor('kin_grandchild', 'en');
    const told = citizen.word('other.title', citizen.word('on_record.grandchild.mother'));
    const nothingElse = async () => {
        const other = await citizen.page.locator('.other').innerText();
        assert.doesNotMatch(other, /\d{4,}(?<!2026)/, `no number of anybody: ${other}`);
        assert.equal(await citizen.page.locator('.other').count(), 1);
    };
    await step('is not confirmed, and IS ZAGS itself says so', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka });
        await citizen.until('state.choosing');
        assert.equal(await citizen.page.locator('.other').count(), 0);
        await citizen.relate('child');
        await citizen.until('state.not_confirmed');
        await citizen.look('other degree');
        const source = await citizen.page.locator('.source').innerText();
        assert.ok(source.startsWith(citizen.word('source.not_confirmed').split('{0}')[0]), source);
    });
    await step('is told the degree on record, and nothing else about the family', async () => {
        await citizen.see(told, citizen.word('other.as_of', '1 March 2026'));
        await nothingElse();
    });
    await step('is told so again where a relation is chosen', async () => {
        await citizen.press(citizen.button('case.choose_other'));
        assert.equal(citizen.path(), citizen.case('/relation'));
        await citizen.look('other degree');
        await citizen.see(told);
        await nothingElse();
    });
    await step('chooses it by its button; the mart confirms, and says of which day it is', async () => {
        await citizen.press(citizen.button('other.choose'));
        await citizen.until('state.coupon');
        await citizen.look('kin by the mart');
        await citizen.see('reason.kinship_confirmed', citizen.word('source.mart', '1 March 2026'));
        assert.equal(await citizen.page.locator('.other').count(), 0);
        const { text } = await citizen.download(citizen.button('letter.link'));
        assert.ok(text.includes(citizen.word('source.mart', '1 March 2026')), `the letter says whose word it is: ${text}`);
    });
}

async function student({ step, visitor }) {
    const citizen = await visitor('student', 'ru');
    await step('is confirmed by the registers of education', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka });
        await citizen.until('state.choosing');
        await citizen.relate('student');
        await citizen.until('state.coupon');
        await citizen.see('reason.study_confirmed');
    });
    await step('signs, the owner consents, is registered', async () => {
        await citizen.fillCoupon({ reason: 'study', occupation: 'student' });
        await citizen.sign();
        const owner = await visitor('student_owner', 'en');
        await owner.consent(citizen.number, 'yes');
        await citizen.until('state.registered', { reload: true });
    });
}

// Overfilled, but his own: needs nobody's consent but his signature, unless he owns it with others.
async function own_dwelling({ step, visitor }) {
    const citizen = await visitor('owner', 'kk');
    await step('finds the dwelling among those in the cadastre', async () => {
        await citizen.apply({ way: 'mine' });
        await citizen.until('state.choosing');
        await citizen.see('norm.reached');
    });
    await step('is confirmed as owner by the cadastre', async () => {
        await citizen.relate('owner');
        await citizen.until('state.coupon');
        await citizen.see('reason.owner_confirmed');
    });
    await step('signs and is registered at once', async () => {
        await citizen.fillCoupon();
        await citizen.sign();
        await citizen.until('state.registered', { reload: true });
    });
}

// The head of the company consents for it.
async function company_owner({ step, visitor }) {
    const citizen = await visitor('company_owner', 'ru');
    await step('applies', async () => {
        await citizen.apply({ way: 'owner', owner: citizen.owner });
        await citizen.until('state.coupon');
        await citizen.fillCoupon();
        await citizen.sign();
    });
    await step('the head consents in the name of the company', async () => {
        const head = await visitor('company_owner_head', 'kk', 1280);
        await head.open(`/consents/${citizen.number}`);
        await head.see('consent.company', 'ЖШС');
        await head.consent(citizen.number, 'yes');
        await head.see('consent.given', 'ЖШС');
    });
    await step('is registered', () => citizen.until('state.registered', { reload: true }));
}

// Outside Astana, for six months; the owner says no.
async function owner_declines({ step, visitor }) {
    const citizen = await visitor('outside_astana', 'en', 1280);
    const owner = await visitor('outside_astana_owner', 'kk');
    await step('a temporary registration wants a term', async () => {
        await citizen.open('/new');
        await citizen.fill({ service: 'temporary' });
        await citizen.submit(422);
        await citizen.see('new.months.missing');
    });
    await step('applies; the norm does not apply', async () => {
        await citizen.apply({ way: 'rka', rka: citizen.rka }, { service: 'temporary', months: '6' });
        await citizen.until('state.coupon');
        await citizen.see('reason.outside_capital');
        await citizen.fillCoupon();
        await citizen.sign();
    });
    await step('the owner has to answer, and declines', async () => {
        await owner.open(`/consents/${citizen.number}`);
        const code = await owner.askForCode(owner.button('check.send_code'), citizen.number);
        await owner.fill({ code });
        await owner.submit(422);
        await owner.see('consent.missing');
        await owner.fill({ agree: 'no', code });
        await owner.submit();
        assert.equal(await owner.heading(), owner.word('consent.refused'));
    });
    await step('the application ends and says so', async () => {
        await citizen.until('state.declined', { reload: true });
        await citizen.see('state.declined.next', 'consents.no');
    });
}

// Registers fall silent: the case waits, says which, and goes on by itself.
async function register_down({ step, visitor, demo }) {
    const citizen = await visitor('kin_child', 'kk');
    const silent = (register) => citizen.page.locator('.register.silent .register-name', { hasText: citizen.word(`register.${register}`) });
    await step('the cadastre is silent while the dwelling is looked for: said, and found once it answers', async () => {
        await demo.fault('egkn', 'error');
        await citizen.open('/new/dwelling?service=residence&months=0');
        await citizen.fill({ way: 'rka', rka: citizen.rka });
        await citizen.submit();
        await citizen.until('new.silent');
        await demo.fault('egkn', 'ok');
        await citizen.until('new.confirm.title');
    });
    await step('slow registers: the page shows what is asked', async () => {
        await demo.fault('all', 'slow', 3000);
        await demo.fault('egkn', 'silent', 200);
        await citizen.submit();
        citizen.number = citizen.path().split('/')[2];
        assert.equal(await citizen.heading(), citizen.word('state.asking'));
        await citizen.see('case.registers');
        await citizen.page.locator('.register.open').first().waitFor();
        await citizen.look('asked');
    });
    await step('EGKN is silent: the case waits and names it', async () => {
        await citizen.until('state.waiting');
        assert.equal(await silent('egkn').count(), 1);
        await citizen.see('state.waiting.next');
    });
    await step('EGKN is back: the case goes on by itself', async () => {
        await demo.fault('all', 'ok');
        await citizen.until('state.choosing');
    });
    await step('ZAGS is silent: a refusal would be its word, so the case waits and names it', async () => {
        await demo.fault('zags', 'garbage');
        await demo.fault('ukimet', 'error');
        await citizen.relate('parent');
        await citizen.until('state.waiting');
        assert.ok((await silent('zags').count()) >= 1, 'ZAGS is shown as silent');
    });
    await step('ZAGS is back: it says no, and another degree is on record', async () => {
        await demo.fault('all', 'ok');
        await citizen.until('state.not_confirmed');
        await citizen.see(citizen.word('other.title', citizen.word('on_record.child')));
    });
    await step('ZAGS and Ukimet are silent again: the mart confirms all the same', async () => {
        await demo.fault('zags', 'error');
        await demo.fault('ukimet', 'error');
        await citizen.press(citizen.button('other.choose'));
        await citizen.until('state.coupon');
        await citizen.see('reason.kinship_confirmed', citizen.word('source.mart', '1 наурыз 2026 ж.'));
        await demo.fault('all', 'ok');
    });
    await step('GBD FL is silent while the registration is written: it is written once', async () => {
        await citizen.fillCoupon();
        await citizen.sign();
        await demo.fault('gbdfl', 'error');
        const owner = await visitor('kin_child_owner', 'ru');
        await owner.consent(citizen.number, 'yes');
        await citizen.until('state.registering', { reload: true });
        await demo.fault('gbdfl', 'ok');
        await citizen.until('state.registered');
    });
}
