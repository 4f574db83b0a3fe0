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

/** Cipher suites that Gateway.servers[].tls.cipherSuites may name; others are ignored. */
export const SUPPORTED_CIPHER_SUITES: ReadonlySet<string> = new Set([
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
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
]);

function validateCiphers(tls: SpecNode): void {
  const seen = new Set<string>();
  for (const item of tls.field('cipherSuites').items) {
    // ALL and expressions such as -NAME are passed on as they are.
    const isExpression = !/^[A-Za-z0-9]/.test(item.text) || item.text === 'ALL';
    if (!isExpression && !SUPPORTED_CIPHER_SUITES.has(item.text)) {
      item.warn(`ignoring invalid cipher suite ${item.text}`);
    } else if (seen.has(item.text)) {
      item.warn(`ignoring duplicate cipher suite ${item.text}`);
    }
    seen.add(item.text);
  }
}

/** Below TLS 1.2 there is no cipher that is offered without being asked for. */
function validateMinimumVersion(tls: SpecNode): void {
  const version = tls.field('minProtocolVersion');
  if (
    ['TLSV1_0', 'TLSV1_1'].includes(version.text) &&
    tls.field('cipherSuites').items.length === 0
  ) {
    version.warn(
      'TLS version below TLSV1_2 needs compatible cipherSuites: by default there are none',
    );
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
  for (const name of ['credentialNames', 'tlsCertificates']) {
    const list = tls.field(name);
    list.errorIf(
      list.items.length > 0,
      `ISTIO_MUTUAL TLS cannot have associated ${name}`,
    );
  }
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

/** At most one of the four ways to give a certificate. */
function validateSources(tls: SpecNode): void {
  const sources = [
    tls.field('credentialName').text !== '',
    tls.field('credentialNames').items.length > 0,
    tls.field('tlsCertificates').items.length > 0,
    tls.field('serverCertificate').text !== '' &&
      tls.field('privateKey').text !== '',
  ].filter(Boolean).length;
  tls.errorIf(
    sources > 1,
    'only one of credentialName, credentialNames, tlsCertificates or serverCertificate and privateKey should be specified',
  );
}

function validateTerminating(tls: SpecNode, mode: string): void {
  const certificates = tls.field('tlsCertificates');
  const fetched =
    tls.field('credentialName').text !== '' ||
    tls.field('credentialNames').items.length > 0;
  if (fetched) {
    return;
  }
  if (certificates.items.length > 2) {
    certificates.warn(`${mode} TLS can support up to 2 server certificates`);
  }
  validateFiles(tls, mode);
  tls.errorIf(
    mode === 'SIMPLE' && tls.field('caCrl').text !== '',
    'CRL is not supported with SIMPLE TLS',
  );
}

function validatePassthrough(tls: SpecNode, mode: string): void {
  const texts = [
    'serverCertificate',
    'privateKey',
    'caCertificates',
    'credentialName',
    'caCrl',
  ];
  const used =
    texts.some(name => tls.field(name).text !== '') ||
    ['credentialNames', 'tlsCertificates'].some(
      name => tls.field(name).items.length > 0,
    );
  if (used) {
    tls.warn(`${mode} mode does not use certificates, they will be ignored`);
  }
  tls.errorIf(
    tls.field('caCrl').text !== '' && tls.field('credentialName').text !== '',
    'CRL is not supported with credentialName: it belongs into the credential',
  );
}

/** Checks the TLS settings of a server. */
export function validateServerTls(tls: SpecNode): void {
  if (!tls.isSet) {
    return;
  }
  validateMinimumVersion(tls);
  validateCiphers(tls);
  const mode = tls.field('mode').text || 'PASSTHROUGH';
  if (mode === 'ISTIO_MUTUAL') {
    validateIstioMutual(tls);
    return;
  }
  validateSources(tls);
  if (['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode)) {
    validateTerminating(tls, mode);
  } else {
    validatePassthrough(tls, mode);
  }
}
