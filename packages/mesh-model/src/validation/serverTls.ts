/*
 * Copyright 2026 The Istio for Backstage Authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import type { SpecNode } from './SpecNode';

const CIPHERS = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-PSK-AES128-CBC-SHA',
  'ECDHE-PSK-AES256-CBC-SHA',
  'ECDHE-PSK-CHACHA20-POLY1305',
  'PSK-AES128-CBC-SHA',
  'PSK-AES256-CBC-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
]);

function validateCiphers(tls: SpecNode): void {
  const seen = new Set<string>();
  for (const item of tls.field('cipherSuites').items) {
    const name = item.text.replace(/^[-+!]/, '');
    if (!CIPHERS.has(name)) {
      item.warn(`ignoring invalid cipher suite ${item.text}`);
    } else if (seen.has(item.text)) {
      item.warn(`ignoring duplicate cipher suite ${item.text}`);
    }
    seen.add(item.text);
  }
}

function validateIstioMutual(tls: SpecNode): void {
  const forbidden = {
    serverCertificate: 'server cert',
    privateKey: 'private key',
    caCertificates: 'CA bundle',
    credentialName: 'credentialName',
  };
  for (const [name, words] of Object.entries(forbidden)) {
    tls
      .field(name)
      .errorIf(
        tls.field(name).text !== '',
        `ISTIO_MUTUAL TLS cannot have associated ${words}`,
      );
  }
  tls
    .field('credentialNames')
    .errorIf(
      tls.field('credentialNames').items.length > 0,
      'ISTIO_MUTUAL TLS cannot have associated credentialNames',
    );
}

function validateFiles(tls: SpecNode, mode: string): void {
  const certificates = tls.field('tlsCertificates');
  const pairs = certificates.items.length > 0 ? certificates.items : [tls];
  for (const pair of pairs) {
    pair.errorIf(
      pair.field('serverCertificate').text === '',
      `${mode} TLS requires a server certificate`,
    );
    pair.errorIf(
      pair.field('privateKey').text === '',
      `${mode} TLS requires a private key`,
    );
  }
  tls.errorIf(
    mode !== 'SIMPLE' && tls.field('caCertificates').text === '',
    `${mode} TLS requires a client CA bundle`,
  );
}

function validateTerminating(tls: SpecNode, mode: string): void {
  const credentialName = tls.field('credentialName').text !== '';
  const credentialNames = tls.field('credentialNames');
  const certificates = tls.field('tlsCertificates');
  const files =
    tls.field('serverCertificate').text !== '' &&
    tls.field('privateKey').text !== '';
  const sources = [
    credentialName,
    credentialNames.items.length > 0,
    certificates.items.length > 0,
    files,
  ].filter(Boolean).length;
  tls.errorIf(
    sources > 1,
    'only one of credential_name, credential_names, tls_certificates or server_certificate/private_key should be specified',
  );
  for (const list of [certificates, credentialNames]) {
    if (list.items.length > 2) {
      list.warn(`${mode} TLS can support up to 2 server certificates`);
    }
  }
  tls.errorIf(
    mode === 'SIMPLE' && tls.field('caCrl').text !== '',
    'CRL is not supported with SIMPLE TLS',
  );
  if (!credentialName && credentialNames.items.length === 0) {
    validateFiles(tls, mode);
  }
}

/** Checks the TLS settings of a server. */
export function validateServerTls(tls: SpecNode): void {
  if (!tls.isSet) {
    return;
  }
  validateCiphers(tls);
  const mode = tls.field('mode').text || 'PASSTHROUGH';
  if (mode === 'ISTIO_MUTUAL') {
    validateIstioMutual(tls);
  } else if (['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode)) {
    validateTerminating(tls, mode);
  } else {
    const used = [
      'serverCertificate',
      'privateKey',
      'caCertificates',
      'credentialName',
      'caCrl',
    ].some(name => tls.field(name).text !== '');
    const listed = ['credentialNames', 'tlsCertificates'].some(
      name => tls.field(name).items.length > 0,
    );
    if (used || listed) {
      tls.warn(`${mode} mode does not use certificates, they will be ignored`);
    }
  }
}
