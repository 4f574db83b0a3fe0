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

import type { AuthorizationRule } from '../../src/objects';
import type { AuthorizationPolicy } from '../../src/authorization';
import type { EnvoyRequest } from './envoyRbac';

/** Deterministic stream of numbers in [0, 1). */
export function randomStream(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function concrete(value: string): string {
  const plain = value.replace(/\{\*\*\}/g, 'x/y').replace(/\{\*\}/g, 'x');
  if (plain === '*') {
    return 'anything';
  }
  if (plain.startsWith('*')) {
    return `x${plain.slice(1)}`;
  }
  return plain.endsWith('*') ? `${plain.slice(0, -1)}x` : plain;
}

function addressIn(block: string): string {
  return block.split('/')[0] ?? block;
}

interface Draft {
  request: EnvoyRequest;
  headers: Map<string, string>;
  payload: Record<string, unknown>;
  metadata: Record<string, Record<string, unknown>>;
}

function principalOf(value: string): string {
  return value === '*'
    ? 'spiffe://td/ns/n/sa/s'
    : `spiffe://${concrete(value)}`;
}

function setClaim(
  payload: Record<string, unknown>,
  keys: readonly string[],
  value: string,
  asList: boolean,
): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    payload[key] = asList ? ['other', value] : value;
    return;
  }
  const nested: Record<string, unknown> = {};
  payload[key] = nested;
  setClaim(nested, rest, value, asList);
}

function setRequestPrincipal(
  payload: Record<string, unknown>,
  value: string,
): void {
  const slash = value.lastIndexOf('/');
  if (slash >= 0) {
    payload.iss = concrete(value.slice(0, slash));
    payload.sub = concrete(value.slice(slash + 1));
  } else if (value.startsWith('*')) {
    payload.iss = 'any';
    payload.sub = concrete(value);
  } else {
    payload.iss = concrete(value);
    payload.sub = value.endsWith('*') ? 'any' : '';
  }
}

type Setter = (draft: Draft, value: string, coin: boolean) => void;

const SETTERS: Readonly<Record<string, Setter>> = {
  principals: ({ request }, value) => {
    request.principal = principalOf(value);
  },
  namespaces: ({ request }, value) => {
    request.principal = `spiffe://td/ns/${value.replace(/\*/g, 'x')}/sa/s`;
  },
  serviceAccounts: ({ request }, value) => {
    const [namespace, account] = value.includes('/')
      ? value.split('/')
      : ['foo', value];
    request.principal = `spiffe://td/ns/${namespace}/sa/${account}`;
  },
  trustDomains: ({ request }, value) => {
    request.principal = `spiffe://${concrete(value)}/ns/n/sa/s`;
  },
  requestPrincipals: ({ payload }, value) =>
    setRequestPrincipal(payload, value),
  ipBlocks: ({ request }, value) => {
    request.directRemoteIp = addressIn(value);
  },
  remoteIpBlocks: ({ request }, value) => {
    request.remoteIp = addressIn(value);
  },
  methods: ({ headers }, value) => {
    headers.set(':method', concrete(value));
  },
  hosts: ({ headers }, value, coin) => {
    const host = concrete(value);
    headers.set(':authority', coin ? host.toUpperCase() : host);
  },
  paths: ({ request }, value, coin) => {
    request.path = coin ? `${concrete(value)}?q=1` : concrete(value);
  },
  ports: ({ request }, value) => {
    request.destinationPort = Number(value);
  },
};

const CONDITIONS: Readonly<Record<string, string>> = {
  'source.ip': 'ipBlocks',
  'remote.ip': 'remoteIpBlocks',
  'source.namespace': 'namespaces',
  'source.principal': 'principals',
  'source.serviceAccount': 'serviceAccounts',
  'source.trustDomain': 'trustDomains',
  'request.auth.principal': 'requestPrincipals',
  'destination.port': 'ports',
};

function setCondition(
  draft: Draft,
  key: string,
  value: string,
  coin: boolean,
): void {
  const field = CONDITIONS[key];
  const brackets = /\[(.+)\]$/.exec(key)?.[1];
  if (field) {
    SETTERS[field]?.(draft, value, coin);
  } else if (key === 'destination.ip') {
    draft.request.destinationIp = addressIn(value);
  } else if (key === 'connection.sni') {
    draft.request.sni = concrete(value);
  } else if (key === 'request.auth.audiences') {
    draft.payload.aud = [concrete(value)];
  } else if (key === 'request.auth.presenter') {
    draft.payload.azp = concrete(value);
  } else if (key.startsWith('request.auth.claims[') && brackets) {
    const keys = brackets.split('][');
    const plain = keys[0] === 'iss' || keys[0] === 'sub';
    setClaim(draft.payload, keys, concrete(value), coin && !plain);
  } else if (key.startsWith('experimental.') && brackets) {
    const filter = key.slice('experimental.'.length, key.indexOf('['));
    const inList = /^\[(.*)\]$/.exec(value)?.[1];
    draft.metadata[filter] = {
      [brackets]:
        inList === undefined ? concrete(value) : ['other', concrete(inList)],
    };
  } else if (key.startsWith('request.experimental.inline.') && brackets) {
    const one = concrete(value);
    draft.headers.set(brackets.toLowerCase(), coin ? one : `other,${one}`);
  } else if (key.startsWith('request.headers[') && brackets) {
    draft.headers.set(brackets.toLowerCase(), concrete(value));
  }
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Sets the attributes a clause asks for; sometimes those it excludes. */
function follow(
  draft: Draft,
  clause: Readonly<Record<string, unknown>>,
  random: () => number,
): void {
  for (const [field, values] of Object.entries(clause)) {
    const negated = /^not[A-Z]/.test(field);
    const name = negated
      ? `${field.charAt(3).toLowerCase()}${field.slice(4)}`
      : field;
    const value = Array.isArray(values) ? pick(values, random) : undefined;
    if (typeof value === 'string' && random() < (negated ? 0.3 : 0.9)) {
      SETTERS[name]?.(draft, value, random() < 0.5);
    }
  }
}

function followRule(
  draft: Draft,
  rule: AuthorizationRule,
  random: () => number,
): void {
  follow(draft, { ...pick(rule.from ?? [], random)?.source }, random);
  follow(draft, { ...pick(rule.to ?? [], random)?.operation }, random);
  for (const { key, values, notValues } of rule.when ?? []) {
    const excluded = random() < 0.2;
    const value = pick((excluded ? notValues : values) ?? [], random);
    if (value !== undefined && random() < 0.9) {
      setCondition(draft, key, value, random() < 0.5);
    }
  }
}

function emptyDraft(random: () => number): Draft {
  const headers = new Map([
    [':method', 'OTHER'],
    [':authority', 'other.example'],
  ]);
  const payload: Record<string, unknown> = { iss: 'other', sub: 'nobody' };
  const metadata: Draft['metadata'] = {};
  return {
    headers,
    payload,
    metadata,
    request: {
      principal: random() < 0.5 ? '' : 'spiffe://td9/ns/other/sa/other',
      directRemoteIp: '203.0.113.9',
      remoteIp: '203.0.113.8',
      destinationIp: '203.0.113.7',
      destinationPort: 7,
      sni: '',
      path: '/other',
      headers,
      payload,
      metadata,
    },
  };
}

/**
 * Requests that walk the branches of every rule: each follows one or two rules, with some attributes left out.
 *
 * @param identities - SPIFFE URIs to try beside those that the rules name
 */
export function sampleRequests(
  policies: readonly AuthorizationPolicy[],
  count: number,
  identities: readonly string[],
): readonly EnvoyRequest[] {
  const random = randomStream(policies.length + 17);
  const rules = policies.flatMap(policy => policy.spec.rules ?? []);
  return Array.from({ length: count }, () => {
    const draft = emptyDraft(random);
    const first = pick(rules, random);
    const second = random() < 0.3 ? pick(rules, random) : undefined;
    for (const rule of [second, first]) {
      if (rule) {
        followRule(draft, rule, random);
      }
    }
    const identity = pick(identities, random);
    if (identity !== undefined && random() < 0.4) {
      draft.request.principal = identity;
    }
    return draft.request;
  });
}
