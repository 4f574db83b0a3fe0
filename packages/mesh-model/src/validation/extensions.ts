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

import { validatePolicyTarget, validateSelector } from './policyTarget';
import type { SpecNode } from './SpecNode';
import { portProblem } from './syntax';

const NAME_LIMIT = 256;
const SECRET_LIMIT = 253;

function lengthOf(node: SpecNode): number {
  return Array.isArray(node.value) ? node.value.length : node.text.length;
}

function validateUrl(url: SpecNode): void {
  if (url.text === '') {
    url.error('url field needs to be set');
    return;
  }
  const scheme = /^([a-zA-Z][-+.a-zA-Z0-9]*):/.exec(url.text)?.[1];
  url.errorIf(
    scheme !== undefined &&
      !['oci', 'file', 'http', 'https'].includes(scheme.toLowerCase()),
    `url field contains unsupported scheme: ${scheme}`,
  );
  url.errorIf(
    /\s/.test(url.text) ||
      /%(?![0-9a-fA-F]{2})/.test(url.text) ||
      /^:/.test(url.text),
    'url field cannot be parsed',
  );
}

function validateSha(sha: SpecNode): void {
  if (sha.text === '') {
    return;
  }
  if (sha.text.length !== 64) {
    sha.error('sha256 field must be 64 characters long');
  } else {
    sha.errorIf(
      !/^[a-f0-9]{64}$/.test(sha.text),
      'sha256 field must match [a-f0-9]{64} pattern',
    );
  }
}

function validateEnvironment(environment: SpecNode): void {
  const seen = new Set<string>();
  for (const variable of environment.items) {
    const name = variable.field('name').text;
    const value = variable.field('value').text;
    const source = variable.field('valueFrom').text || 'INLINE';
    variable.errorIf(
      name === '' || lengthOf(variable.field('name')) > 256,
      'spec.vmConfig.env invalid: a name has 1 to 256 characters',
    );
    variable.errorIf(
      source !== 'INLINE' && value !== '',
      'value may only be set when valueFrom is INLINE',
    );
    variable.errorIf(seen.has(name), `duplicate env ${name}`);
    seen.add(name);
  }
}

/** Checks the fields that WasmPlugin and `TrafficExtension.wasm` share. */
function validateWasm(wasm: SpecNode): void {
  validateUrl(wasm.field('url'));
  validateSha(wasm.field('sha256'));
  const secret = wasm.field('imagePullSecret');
  secret.errorIf(
    lengthOf(secret) > SECRET_LIMIT,
    `imagePullSecret is longer than ${SECRET_LIMIT} characters`,
  );
  const name = wasm.field('pluginName');
  name.errorIf(
    lengthOf(name) > NAME_LIMIT,
    `pluginName is longer than ${NAME_LIMIT} characters`,
  );
  validateEnvironment(wasm.field('vmConfig').field('env'));
}

function validateTrafficMatch(spec: SpecNode): void {
  for (const match of spec.field('match').items) {
    match.errorIf(match.isNull, 'a traffic selector cannot be null');
    for (const port of match.field('ports').items) {
      if (port.isNull) {
        port.error('a port selector cannot be null');
      } else {
        port.check(portProblem(port.field('number').number));
      }
    }
  }
}

/** Checks a WasmPlugin. */
export function validateWasmPlugin(spec: SpecNode): void {
  validatePolicyTarget(spec);
  validateWasm(spec);
  validateTrafficMatch(spec);
}

/** Checks a TrafficExtension. */
export function validateTrafficExtension(spec: SpecNode): void {
  const wasm = spec.field('wasm');
  const lua = spec.field('lua');
  validatePolicyTarget(spec);
  spec.errorIf(
    wasm.isSet === lua.isSet,
    'exactly one of wasm or lua must be set',
  );
  if (wasm.isSet) {
    validateWasm(wasm);
  }
  const code = lua.field('inlineCode');
  code.errorIf(
    lua.isSet && code.text === '' && lengthOf(code) === 0,
    'lua.inlineCode cannot be empty',
  );
  code.errorIf(lengthOf(code) > 65536, 'lua.inlineCode is larger than 64 KiB');
  validateTrafficMatch(spec);
}

/** Checks a ProxyConfig. */
export function validateProxyConfig(spec: SpecNode): void {
  validateSelector(spec.field('selector'));
  const concurrency = spec.field('concurrency');
  concurrency.errorIf(
    concurrency.number < 0,
    'concurrency must be greater than or equal to 0',
  );
}
