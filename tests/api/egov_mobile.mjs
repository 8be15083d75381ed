// SPDX-License-Identifier: Apache-2.0
// eGov Mobile as far as the service sees it: scans a code, fetches, signs with the stand's key of a person, puts back.

export class EgovMobile {
    // `call` is (method, address, body, token) → { status, body }; `stand` the address of the stand.
    constructor(call, stand) {
        this.call = call;
        this.stand = stand;
    }

    // The text of a QR code, or the link on the same device.
    scan(text) {
        const link = text.startsWith('mobileSign:') ? text.slice('mobileSign:'.length) : new URL(text).searchParams.get('link');
        if (!link?.endsWith('/mgovSign')) throw new Error(`not a code of eGov Mobile: ${text}`);
        return this.call('GET', link);
    }

    documents({ document: { uri, auth_type, auth_token } }) {
        if (auth_type !== 'Token') throw new Error(`auth_type ${auth_type}`);
        return this.call('GET', uri, undefined, auth_token);
    }

    // The same JSON with the signature in the place of the data; `data` is what is really signed.
    async sign(wanted, { iin, signIn = false }, data = wanted.documentsToSign[0].document.file.data) {
        const [document] = wanted.documentsToSign;
        const reply = await fetch(`${this.stand}/signer/cms`, { method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ iin, data, encapsulate: wanted.signMethod === 'CMS_WITH_DATA', signIn }) });
        const { cms } = await reply.json();
        if (!cms) throw new Error(`the stand's signer: HTTP ${reply.status}`);
        return { ...wanted, documentsToSign: [{ ...document, document: { file: { ...document.document.file, data: cms.replaceAll(/\s/g, '') } } }] };
    }

    put({ document: { uri, auth_token } }, signed) {
        return this.call('PUT', uri, signed, auth_token);
    }
}
