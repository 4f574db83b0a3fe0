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

import { parseAllDocuments } from 'yaml';
import { projectObject } from '../../src/objects';
import type { MeshObject, StringMap } from '../../src/objects';
import { snapshotOf } from '../../src/snapshot';
import type {
  AttachedPolicies,
  AuthorizationDecision,
  AuthorizationMesh,
  AuthorizationPolicy,
  AuthorizationRequest,
  PolicyTarget,
} from '../../src/authorization';
import {
  evaluatePolicies,
  externalAuthorizersOf,
  policiesOf,
} from '../../src/authorization';
import {
  compilePolicy,
  ruleMatches,
} from '../../src/authorization/compiledPolicy';
import { resolveRequest } from '../../src/authorization/request';
import { trustDomainBundle } from '../../src/authorization/trustDomain';
import type { EnvoyRequest, Json } from './envoyRbac';
import { asObject, identitiesIn, matchingPolicies } from './envoyRbac';
import { sampleRequests } from './requestSamples';

/** An entry of `files/authz-rbac/manifest.json`. */
export interface AuthzRbacCase {
  name: string;
  meshConfig?: { extensionProviders?: unknown };
  tdBundle?: { trustDomain: string; aliases?: readonly string[] };
  proxy: { namespace: string; labels: StringMap };
}

interface EnvoyOutcome {
  /** the rules that match, enforced or not: `ns[NS]-policy[NAME]-rule[I]` */
  matched: Set<string>;
  decision: 'allow' | 'deny' | 'unknown';
  logged: boolean;
  shadowAllow?: boolean;
  shadowDeny?: boolean;
}

function documentsOf(yaml: string): readonly Json[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [asObject(value)];
  });
}

interface RbacState {
  outcome: EnvoyOutcome;
  denied: boolean;
  selected?: string;
}

/** Keeps the names of rules without what a CUSTOM action puts around them. */
function remember(names: readonly string[], state: RbacState): void {
  for (const name of names) {
    const rule = /ns\[.*?\]-policy\[.*\]-rule\[\d+\]/.exec(name)?.[0];
    state.outcome.matched.add(rule ?? name);
  }
}

function runRbac(config: Json, request: EnvoyRequest, state: RbacState): void {
  if (config.rules !== undefined) {
    const rules = asObject(config.rules);
    const names = matchingPolicies(rules, request);
    const matched = names.length > 0;
    remember(names, state);
    const action = rules.action ?? 'ALLOW';
    if (action === 'LOG') {
      state.outcome.logged ||= matched;
    } else if ((action === 'DENY') === matched) {
      state.denied = true;
    }
  }
  if (config.shadowRules !== undefined) {
    const names = matchingPolicies(asObject(config.shadowRules), request);
    const matched = names[0];
    remember(names, state);
    const prefix = String(config.shadowRulesStatPrefix);
    if (prefix.startsWith('istio_ext_authz')) {
      state.selected = matched;
    } else if (prefix.startsWith('istio_dry_run_deny')) {
      state.outcome.shadowDeny = matched !== undefined;
    } else {
      state.outcome.shadowAllow = matched !== undefined;
    }
  }
}

function selectedBy(config: Json): string {
  const condition = asObject(config.filterEnabledMetadata);
  const matcher = asObject(asObject(condition.value).stringMatch);
  return String(matcher.prefix ?? '');
}

/** What Envoy does with a request, filter by filter. */
function runFilters(
  filters: readonly Json[],
  request: EnvoyRequest,
): EnvoyOutcome {
  const state: RbacState = {
    outcome: { decision: 'allow', logged: false, matched: new Set() },
    denied: false,
  };
  let asked = false;
  for (const filter of filters) {
    const config = asObject(filter.typedConfig);
    if (String(config['@type']).endsWith('.RBAC')) {
      runRbac(config, request, state);
    } else {
      asked ||= Boolean(state.selected?.startsWith(selectedBy(config)));
    }
  }
  if (state.denied) {
    return { ...state.outcome, decision: 'deny' };
  }
  return { ...state.outcome, decision: asked ? 'unknown' : 'allow' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function requestOf(
  envoy: EnvoyRequest,
  protocol: 'http' | 'tcp',
): AuthorizationRequest {
  const payload = envoy.payload ?? {};
  return {
    protocol,
    peer: envoy.principal === '' ? 'none' : { spiffe: envoy.principal },
    sourceIp: envoy.directRemoteIp,
    remoteIp: envoy.remoteIp,
    destinationIp: envoy.destinationIp,
    host: envoy.headers.get(':authority'),
    method: envoy.headers.get(':method'),
    path: envoy.path,
    port: envoy.destinationPort,
    headers: Object.fromEntries(envoy.headers),
    sni: envoy.sni,
    filterMetadata: envoy.metadata,
    token: {
      issuer: textOf(payload.iss),
      subject: textOf(payload.sub),
      claims: payload,
      valid: true,
    },
  };
}

/** A RequestAuthentication that knows every issuer of the samples, so that tokens are read. */
function authenticationFor(
  requests: readonly EnvoyRequest[],
  namespace: string,
): MeshObject | undefined {
  const issuers = new Set(requests.map(({ payload }) => textOf(payload?.iss)));
  return projectObject({
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: 'every-issuer', namespace },
    spec: { jwtRules: [...issuers].map(issuer => ({ issuer })) },
  });
}

/** Names of the rules that match in our reading of the attached policies. */
function matchedRules(
  attached: AttachedPolicies,
  mesh: AuthorizationMesh,
  request: AuthorizationRequest,
): readonly string[] {
  const { deny, allow, audit } = attached;
  // A CUSTOM policy whose provider speaks HTTP is not built for a TCP chain (R4.25).
  const built = (name: string | undefined) =>
    request.protocol === 'http' ||
    mesh.externalAuthorizers?.find(authorizer => authorizer.name === name)
      ?.protocol !== 'http';
  const custom = attached.custom.filter(({ policy }) =>
    built(policy.spec.provider?.name),
  );
  const bundle = trustDomainBundle(mesh.trustDomain, mesh.trustDomainAliases);
  const resolved = resolveRequest(
    request,
    mesh.trustDomain,
    request.protocol === 'http' ? request.token ?? 'none' : 'none',
  );
  return [...custom, ...deny, ...allow, ...audit].flatMap(({ policy }) =>
    compilePolicy(policy, request.protocol ?? 'http', bundle)
      .rules.filter(rule => ruleMatches(rule, resolved) === true)
      .map(
        rule =>
          `ns[${policy.metadata.namespace}]-policy[${policy.metadata.name}]-rule[${rule.index}]`,
      ),
  );
}

function differences(
  envoy: EnvoyOutcome,
  mine: AuthorizationDecision,
  matched: readonly string[],
): string | undefined {
  const shadow = (applies: boolean | undefined, yes: string, no: string) => {
    if (applies === undefined) {
      return undefined;
    }
    return applies ? yes : no;
  };
  const expected = [
    envoy.decision,
    envoy.logged ? 'logged' : 'not-logged',
    shadow(envoy.shadowAllow, 'would-allow', 'would-deny'),
    shadow(envoy.shadowDeny, 'would-deny', 'would-allow'),
    ...[...envoy.matched].sort(),
  ].join(' ');
  const actual = [
    mine.decision,
    mine.audit,
    mine.shadow.allow,
    mine.shadow.deny,
    ...[...matched].sort(),
  ].join(' ');
  return expected === actual
    ? undefined
    : `expected ${expected}, got ${actual} (${mine.reason})`;
}

const SAMPLES = 600;

/** Compares our decisions with those of the expected Envoy filters, on requests that walk every branch. */
export function authzRbac(
  testCase: AuthzRbacCase,
  inputYaml: string,
  expectedYamls: readonly string[],
): string | undefined {
  const objects = documentsOf(inputYaml).flatMap(
    raw => projectObject(raw) ?? [],
  );
  const policies = objects.filter(
    (object): object is AuthorizationPolicy =>
      object.kind === 'AuthorizationPolicy',
  );
  const filters = expectedYamls.flatMap(documentsOf);
  const tcp = testCase.name.startsWith('tcp/');
  const requests = sampleRequests(policies, SAMPLES, identitiesIn(filters));
  const authentication = authenticationFor(requests, testCase.proxy.namespace);
  const snapshot = snapshotOf([
    ...objects,
    ...(authentication ? [authentication] : []),
  ]);
  const target: PolicyTarget = { proxy: 'sidecar', ...testCase.proxy };
  const mesh: AuthorizationMesh = {
    rootNamespace: 'istio-system',
    trustDomain: testCase.tdBundle?.trustDomain ?? 'cluster.local',
    trustDomainAliases: testCase.tdBundle?.aliases ?? [],
    externalAuthorizers: externalAuthorizersOf(
      testCase.meshConfig?.extensionProviders,
    ),
  };
  const attached = policiesOf(snapshot, target, mesh);
  for (const envoy of requests) {
    const request = requestOf(envoy, tcp ? 'tcp' : 'http');
    const difference = differences(
      runFilters(filters, envoy),
      evaluatePolicies(attached, target, mesh, request),
      matchedRules(attached, mesh, request),
    );
    if (difference !== undefined) {
      return `${difference}; request ${JSON.stringify({
        ...envoy,
        headers: [...envoy.headers],
      })}`;
    }
  }
  return undefined;
}
