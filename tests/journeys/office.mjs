// SPDX-License-Identifier: Apache-2.0
// Reception and operations hall.
import assert from 'node:assert/strict';

export const journeys = { minor_owner, at_the_desks };

// At a desk: the form of the start page, then the finding is compared and the case opened.
async function take(clerk, entry) {
    await clerk.open(clerk.role === 'hall' ? '/hall' : '/reception');
    await clerk.fill({ service: 'residence', ...entry });
    await clerk.submit();
    await clerk.until('desk.confirm', { reload: true });
    const list = clerk.page.locator('input[name=dwelling]');
    if ((await list.count()) > 1 || !(await list.isChecked())) await clerk.choose('dwelling', entry.rka);
    await clerk.press(clerk.button('desk.open'));
    const number = clerk.path().split('/')[3];
    assert.ok(number, `a case was opened: ${clerk.path()}`);
    return number;
}

async function slips(clerk, number) {
    const home = `/${clerk.role}/cases/${number}`;
    for (const language of ['kk', 'ru', 'en']) {
        await clerk.press(`main a[href="${home}/slip/${language}"]`);
        assert.equal(await clerk.page.locator('main.slip').getAttribute('lang'), language);
        assert.ok((await clerk.text()).includes(number), 'the slip bears the number');
        assert.ok(!/\d{12}/.test(await clerk.text()), 'the slip bears no IIN');
        await clerk.look(language);
        await clerk.open(home);
    }
}

async function minor_owner({ step, visitor, demo }) {
    const citizen = await visitor('minor_owner', 'kk');
    const { rka, owner } = citizen;
    const applicant = (await demo.person('minor_owner')).iin;
    const parent = demo.rows('representatives.csv').find((row) => row.ward_iin === owner);
    await step('online, the citizen is sent to the hall and told what to bring', async () => {
        await citizen.apply({ way: 'rka', rka });
        await citizen.until('state.sent_to_hall');
        await citizen.see('reason.owner_minor', 'bring.title', 'bring.representative', 'bring.authority');
    });
    await step('reception directs to the hall, with a slip in three languages', async () => {
        const clerk = await visitor('reception_clerk', 'ru', 1280);
        await clerk.open('/reception');
        await clerk.submit(422);
        await clerk.see('desk.applicant_missing');
        const number = await take(clerk, { applicant, rka });
        await clerk.until('desk.state.sent_to_hall', { reload: true });
        await clerk.see('desk.tell', 'bring.authority');
        await slips(clerk, number);
        await clerk.open('/reception');
        await clerk.see(number);
        await clerk.look('with rows');
    });
    const clerk = await visitor('hall_clerk', 'kk', 1280);
    await step("the hall checks the owner's IIN", async () => {
        clerk.number = await take(clerk, { applicant, owner, rka });
        await clerk.until('desk.state.documents', { reload: true });
        await clerk.see('hall.positive', 'reason.owner_minor');
    });
    await step('nothing is filed before every document was checked', async () => {
        await clerk.press(`main a[href="/hall/cases/${clerk.number}/refuse"]`);
        await clerk.submit(422);
        await clerk.see('hall.why_missing');
        await clerk.open(`/hall/cases/${clerk.number}/documents`);
        await clerk.fill({ basis: parent.basis, representative: owner, document_number: parent.document, document_date: '2013-11-01' });
        await clerk.submit(422);
        assert.ok((await clerk.page.locator('.errors li').count()) >= 8, 'four checks and the coupon are missing');
        assert.equal(await clerk.page.locator('[name=document_number]').inputValue(), parent.document);
    });
    await step('the documents are in order: the application is filed and registered', async () => {
        await clerk.fill({
            representative: parent.representative_iin, presence: true, identity_checked: true, authority_checked: true,
            consent_given: true, arrived: '2026-02-28', reason: 'family', previous_place: 'Алматы қаласы', arrives_with: 'alone',
            children_under_14: '0', education: 'higher', marital: 'single', occupation: 'employed',
        });
        await clerk.press(clerk.button('hall.sign'));
        await clerk.signByFile((await demo.person('hall_clerk')).iin);
        await clerk.until('desk.state.registered', { reload: true });
        await clerk.see('hall.basis.parent', parent.document);
        await slips(clerk, clerk.number);
    });
}

// Grown-up owners: reception sends online, the hall refuses with the notice of paragraph 8; papers that are not in order.
async function at_the_desks({ step, visitor, demo }) {
    const applicant = (await demo.person('stranger')).iin;
    const { rka, owner } = await demo.person('stranger');
    const minor = await demo.person('minor_owner');
    await step('reception sends online', async () => {
        const clerk = await visitor('reception_clerk', 'kk', 1280);
        const number = await take(clerk, { applicant, rka });
        await clerk.until('desk.state.sent_online', { reload: true });
        await clerk.see('desk.channels', 'egov.kz');
        await slips(clerk, number);
    });
    const clerk = await visitor('hall_clerk', 'ru', 1280);
    await step('the hall cannot serve a grown-up owner, and says where the service is', async () => {
        const number = await take(clerk, { applicant, owner, rka });
        await clerk.page.locator('h1.verdict').waitFor();
        for (let i = 0; i < 50 && !(await clerk.text()).includes(clerk.word('hall.impossible').slice(0, 40)); i++) await clerk.page.reload();
        await clerk.look();
        await clerk.see('hall.impossible', 'desk.channels');
        await slips(clerk, number);
    });
    await step('an IIN that is not the owner\'s is said at once', async () => {
        await clerk.open('/hall');
        await clerk.fill({ service: 'residence', applicant, owner: applicant, rka });
        await clerk.submit();
        for (let i = 0; i < 50 && (await clerk.heading()) === clerk.word('new.asking'); i++) await clerk.page.reload();
        await clerk.look();
        await clerk.see('hall.not_owner');
    });
    await step('documents that are not in order are refused in writing', async () => {
        const number = await take(clerk, { applicant, owner: minor.owner, rka: minor.rka });
        await clerk.until('desk.state.documents', { reload: true });
        await clerk.press(`main a[href="/hall/cases/${number}/refuse"]`);
        await clerk.fill({ why: 'Нет свидетельства о рождении ребёнка: принесите его или цифровую копию.' });
        await clerk.submit();
        await clerk.see('Нет свидетельства о рождении ребёнка');
        await slips(clerk, number);
    });
}
