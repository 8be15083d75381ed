// SPDX-License-Identifier: Apache-2.0
// Asks NCALayer, which listens on this very computer, to sign what the form carries, and sends the form with what it gives back.
// Without this script the same page takes the signature as a file.  All words are in the page; here they are only shown.
'use strict';
(() => {
  const form = document.getElementById('signer');
  if (!form) return;
  const { address, content, usages, iin, bin, locale, signIn } = form.dataset;
  const GREETING_MS = 10000; // a browser may be asking meanwhile whether the page may reach the local network
  const OLD_MODULE = 'kz.gov.pki.knca.commonUtils';
  const parts = ['wait', 'absent', 'cancelled', 'failed'];
  let socket = null;

  // One of the parts, or none: then the button is all there is.
  function show(name) {
    for (const part of parts) document.getElementById(`signer-${part}`).hidden = part !== name;
    document.getElementById('signer-button').hidden = name === 'wait';
    document.getElementById(name ? `signer-${name}` : 'signer-button').focus();
  }

  function end(name, detail) {
    if (socket) {
      socket.onclose = socket.onerror = socket.onmessage = null;
      socket.close();
      socket = null;
    }
    document.getElementById('signer-said').hidden = !detail;
    document.getElementById('signer-detail').textContent = detail || '';
    show(name);
  }

  // ---- what is asked ----

  const signer = {};
  if (iin) signer.iin = iin;
  if (bin) signer.bin = bin;
  signer.extKeyUsageOids = usages.split(' ');
  const basics = {
    module: 'kz.gov.pki.knca.basics',
    method: 'sign',
    args: {
      allowedStorages: null,
      format: 'cms',
      data: content,
      signingParams: { decode: true, encapsulate: false, digested: false },
      signerParams: signer,
      locale,
    },
  };
  // The module of before 2022 knows neither whose key nor which usages, and has to be told where the key is.
  const tokens = { module: OLD_MODULE, method: 'getActiveTokens' };
  const old = (storage) => ({
    module: OLD_MODULE,
    method: 'createCAdESFromBase64',
    args: [storage, signIn ? 'AUTHENTICATION' : 'SIGNATURE', content, false],
  });

  // ---- what a reply means, by what was asked: the next question, a signature, cancelled, or an error with its words ----

  function readBasics(reply) {
    if (typeof reply.status !== 'boolean') return { ask: tokens, read: readTokens }; // no such module
    if (!reply.status) return { detail: reply.message };
    const result = reply.body && reply.body.result;
    const one = Array.isArray(result) ? result[0] : result;
    return typeof one === 'string' ? { signature: one } : { cancelled: true };
  }

  function readTokens(reply) {
    const [token] = Array.isArray(reply.responseObject) ? reply.responseObject : [];
    return { ask: old(typeof token === 'string' ? token : 'PKCS12'), read: readOld };
  }

  function readOld(reply) {
    if (reply.code === '200' && typeof reply.responseObject === 'string') return { signature: reply.responseObject };
    return reply.message === 'action.canceled' ? { cancelled: true } : { detail: reply.message };
  }

  const readGreeting = () => ({ ask: basics, read: readBasics });

  // ---- an exchange ----

  function take(result) {
    if (result.ask) socket.send(JSON.stringify(result.ask));
    else if (result.cancelled) end('cancelled');
    else if (!result.signature) end('failed', result.detail);
    else {
      document.getElementById('signature').value = result.signature;
      end('wait');
      form.submit();
    }
  }

  function sign() {
    let read = readGreeting;
    show('wait');
    try {
      socket = new WebSocket(address);
    } catch {
      end('absent');
      return;
    }
    const patience = setTimeout(() => read === readGreeting && socket && end('absent'), GREETING_MS);
    socket.onclose = socket.onerror = () => {
      clearTimeout(patience);
      end(read === readGreeting ? 'absent' : 'failed');
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(patience);
      let reply;
      try {
        reply = JSON.parse(data);
      } catch {
        end('failed');
        return;
      }
      const result = read(reply);
      read = result.read;
      take(result);
    };
  }

  document.getElementById('signer-button').addEventListener('click', sign);
  document.getElementById('signer-stop').addEventListener('click', () => end(''));
  window.addEventListener('pageshow', ({ persisted }) => persisted && end(''));
  document.getElementById('signer-part').hidden = false;
})();
