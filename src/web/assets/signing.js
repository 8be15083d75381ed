// SPDX-License-Identifier: Apache-2.0
// Asks NCALayer, which listens on this very computer, to sign what the form carries, and sends the form with what it gives back.
// Without this script the same page takes the signature as a file.  All words are in the page; here they are only shown.
'use strict';
(() => {
  const form = document.getElementById('signer');
  if (!form) return;
  const { address, content, usages, iin, bin, locale, signIn } = form.dataset;
  const GREETING_MS = 5000;
  const parts = ['start', 'wait', 'absent', 'cancelled', 'failed'];
  let socket = null;

  function show(name) {
    for (const part of parts) document.getElementById(`signer-${part}`).hidden = part !== name && part !== 'start';
    document.getElementById('signer-button').disabled = name === 'wait';
    if (name !== 'start' && name !== 'wait') document.getElementById(`signer-${name}`).focus();
  }

  function end(name, detail) {
    if (socket) {
      socket.onclose = socket.onerror = socket.onmessage = null;
      socket.close();
      socket = null;
    }
    if (detail) document.getElementById('signer-detail').textContent = detail;
    show(name);
  }

  // The module of today; its predecessor knows neither whose key nor which usages.
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
  const commonUtils = {
    module: 'kz.gov.pki.knca.commonUtils',
    method: 'createCAdESFromBase64',
    args: ['PKCS12', signIn ? 'AUTHENTICATION' : 'SIGNATURE', content, false],
  };

  function send(signature) {
    document.getElementById('signature').value = signature;
    end('wait');
    form.submit();
  }

  // What a reply to a request means: a signature, cancelled, no such module, or an error with its words.
  function read(reply, old) {
    if (old) {
      if (reply.code === '200' && typeof reply.responseObject === 'string') return { signature: reply.responseObject };
      return reply.message === 'action.canceled' ? { cancelled: true } : { detail: reply.message };
    }
    if (reply.status === true) {
      const result = reply.body && reply.body.result;
      const one = Array.isArray(result) ? result[0] : result;
      return typeof one === 'string' ? { signature: one } : { cancelled: true };
    }
    const unknown = reply.status === undefined || /module/i.test(`${reply.code} ${reply.message}`);
    return unknown ? { unknown: true } : { detail: reply.message };
  }

  function sign() {
    let greeted = false, old = false;
    show('wait');
    try {
      socket = new WebSocket(address);
    } catch {
      end('absent');
      return;
    }
    const patience = setTimeout(() => greeted || end('absent'), GREETING_MS);
    const gone = () => { clearTimeout(patience); end(greeted ? 'failed' : 'absent'); };
    socket.onclose = gone;
    socket.onerror = gone;
    socket.onmessage = ({ data }) => {
      let reply;
      try {
        reply = JSON.parse(data);
      } catch {
        end('failed');
        return;
      }
      if (!greeted) {
        greeted = true;
        clearTimeout(patience);
        socket.send(JSON.stringify(basics));
        return;
      }
      const result = read(reply, old);
      if (result.signature) send(result.signature);
      else if (result.cancelled) end('cancelled');
      else if (result.unknown) {
        old = true;
        socket.send(JSON.stringify(commonUtils));
      } else end('failed', result.detail);
    };
  }

  document.getElementById('signer-button').addEventListener('click', sign);
  document.getElementById('signer-part').hidden = false;
})();
