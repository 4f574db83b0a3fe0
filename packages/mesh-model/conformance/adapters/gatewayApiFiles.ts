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
import { controllerNamed } from '../../src/gateways/gatewayApi/gatewayClasses';
import {
  internalName,
  type InternalGateway,
} from '../../src/gateways/gatewayApi/internalGateways';
import type { MergedRouteConfig } from '../../src/gateways/gatewayApi/mergedRoutes';
import { routeStatus } from '../../src/gateways/gatewayApi/routeStatus';
import {
  gatewayStatuses,
  translateGatewayApi,
  type GatewayApiTranslation,
} from '../../src/gateways/gatewayApi/translation';
import { parseDuration } from '../../src/identity';
import {
  projectObject,
  type Destination,
  type HttpRoute,
  type MeshObject,
  type SlimObjectByKind,
  type StringMatch,
} from '../../src/objects';
import { matchesString } from '../../src/routing/stringMatch';
import {
  gatewayApiReferences,
  gatewayApiServices,
  type RawDocument,
} from './gatewayApiEnvironment';
import { difference } from './routingCase';

interface ExpectedObject {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Readonly<Record<string, string>>;
  };
  spec: unknown;
  status?: unknown;
}

function documentsOf<T>(yaml: string): T[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const value = document.toJS() as T | null | undefined;
    return value === null || value === undefined ? [] : [value];
  });
}

function only<K extends MeshObject['kind']>(
  objects: readonly MeshObject[],
  ...kinds: readonly K[]
): SlimObjectByKind[K][] {
  const wanted = new Set<string>(kinds);
  return objects.filter((object): object is SlimObjectByKind[K] =>
    wanted.has(object.kind),
  );
}

const DURATION = /^(\d+(\.\d+)?(h|ms|m|s|us|ns))+$/;
const DURATIONS = new Set([
  'timeout',
  'perTryTimeout',
  'backoff',
  'maxAge',
  'budgetInterval',
]);

const PREFIX = '%PREFIX()%';

/** istiod has two ways to write that a redirect replaces the prefix that matched. */
function oneSpelling(name: string, value: unknown): readonly [string, unknown] {
  return name === 'uri' && typeof value === 'string' && value.startsWith(PREFIX)
    ? ['prefixRewrite', value.slice(PREFIX.length)]
    : [name, value];
}

/** Origins, and what is none, of which policies must say the same. */
function originsToTry(inputYaml: string): string[] {
  const written = inputYaml.match(/[a-z][a-z0-9+.-]+:\/\/[^\s"',\]]+/g) ?? [];
  const origins = written.flatMap(origin =>
    ['shop', 'web.shop'].map(label => origin.replaceAll('*', label)),
  );
  return ['https://a.example', 'http://localhost:3000', ...origins].flatMap(
    origin => [origin, `${origin}/path`, `${origin}?query`, `${origin}.org`],
  );
}

/** One way of writing things: durations in milliseconds, without what stands for a default, expressions by what they accept. */
function normal(value: unknown, origins: readonly string[], key = ''): unknown {
  if (key === 'allowOrigins') {
    const matches = value as readonly StringMatch[];
    return origins.filter(origin =>
      matches.some(match => matchesString(match, origin)),
    );
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map(item => normal(item, origins));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, item]) => oneSpelling(name, normal(item, origins, name)))
        .filter(
          ([name, item]) =>
            item !== undefined &&
            !(name === 'host' && item === '') &&
            !(name === 'mode' && item === 'PASSTHROUGH') &&
            !(name === 'weight' && item === 0),
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  return typeof value === 'string' && DURATIONS.has(key) && DURATION.test(value)
    ? parseDuration(value)
    : value;
}

function gatewayOf(internal: InternalGateway): unknown {
  const { gateway, object, services, serviceAccount, parent, listener } =
    internal;
  const { name, namespace } = object.metadata;
  const fromSet = object.kind === 'ListenerSet';
  return {
    name: internalName(internal),
    annotations: {
      'internal.istio.io/gateway-semantics': 'gateway',
      'internal.istio.io/gateway-service': services.join(','),
      'internal.istio.io/parents': `${
        fromSet ? 'ListenerSet' : 'Gateway'
      }/${name}/${listener.name}.${namespace}`,
      'internal.istio.io/service-account-name': serviceAccount,
      ...(fromSet
        ? { 'internal.istio.io/parent-namespace': parent.metadata.namespace }
        : {}),
    },
    spec: gateway.spec,
  };
}

function virtualServiceOf(config: MergedRouteConfig): unknown {
  const routes = (list: MergedRouteConfig['http' | 'tls' | 'tcp']) =>
    list.length === 0
      ? undefined
      : list.map(({ value }) => value as HttpRoute | { route?: Destination[] });
  return {
    name: `${config.namespace}/${config.name}`,
    annotations: {
      'internal.istio.io/parents': config.sources
        .map(
          ({ kind, metadata }) =>
            `${kind}/${metadata.name}.${metadata.namespace}`,
        )
        .join(),
      'internal.istio.io/route-semantics': 'gateway',
    },
    spec: {
      gateways: config.gateways,
      hosts: config.hosts,
      http: routes(config.http),
      tls: routes(config.tls),
      tcp: routes(config.tcp),
    },
  };
}

function internalObjects(translation: GatewayApiTranslation): unknown[] {
  return [
    ...translation.internal.map(gatewayOf),
    ...translation.configs.map(virtualServiceOf),
    ...translation.rules.map(({ name, namespace, spec, sources }) => ({
      name: `${namespace}/${name}`,
      annotations: {
        'internal.istio.io/parents': sources
          .map(
            ({ kind, metadata }) =>
              `${kind}/${metadata.namespace}.${metadata.name}`,
          )
          .join(),
      },
      spec,
    })),
  ];
}

interface ReportedStatus {
  object: string;
  status: unknown;
}

interface WrittenCondition {
  type: string;
  status: string;
  reason: string;
}

interface WrittenAncestor {
  group?: string;
  kind?: string;
  name: string;
  sectionName?: string;
}

/** What of a status is compared, by field. */
function comparable(name: string, value: unknown): unknown {
  switch (name) {
    case 'conditions':
      return [...(value as readonly WrittenCondition[])]
        .map(({ type, status, reason }) => ({ type, status, reason }))
        .sort((a, b) => (a.type < b.type ? -1 : 1));
    case 'ancestorRef': {
      // Whether istiod writes the namespace of a Gateway here differs between releases.
      const { group, kind, name: of, sectionName } = value as WrittenAncestor;
      return { group, kind, name: of, sectionName };
    }
    default:
      return withoutWords(value);
  }
}

/** Conditions without their sentences: the words are ours, what they say is Istio's. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map(withoutWords);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).filter(
    ([name, item]) =>
      !['message', 'lastTransitionTime'].includes(name) &&
      item !== undefined &&
      !(Array.isArray(item) && item.length === 0) &&
      !(name === 'attachedListenerSets' && item === 0),
  );
  return Object.fromEntries(
    entries
      .map(([name, item]) => [name, comparable(name, item)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function nameOf(kind: string, namespace: string | undefined, name: string) {
  return `${kind} ${namespace ?? ''}/${name}`;
}

function reportedStatuses(
  objects: readonly MeshObject[],
  translation: GatewayApiTranslation,
): ReportedStatus[] {
  const statuses: ReportedStatus[] = [];
  const report = (
    kind: string,
    { namespace, name }: { namespace: string; name: string },
    status: unknown,
  ) => statuses.push({ object: nameOf(kind, namespace, name), status });
  for (const item of only(objects, 'GatewayClass')) {
    if (controllerNamed(item.spec.controllerName) !== undefined) {
      report('GatewayClass', item.metadata, {
        conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted' }],
      });
    }
  }
  for (const { gateway, status, sets } of gatewayStatuses(
    translation,
    gatewayApiServices,
  )) {
    report('Gateway', gateway.metadata, status);
    for (const { set, status: ofSet } of sets) {
      report('ListenerSet', set.metadata, ofSet);
    }
  }
  for (const route of translation.routes) {
    report(route.route.kind, route.route.metadata, {
      parents: routeStatus(route),
    });
  }
  for (const { policy, ancestors } of translation.policies) {
    report(policy.kind, policy.metadata, { ancestors });
  }
  return statuses;
}

function byName<T>(list: readonly T[], key: (item: T) => string): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Kinds of experimental APIs that istiod reads only behind flags which are off by default. */
const EXPERIMENTAL = new Set(['XBackend', 'XMesh', 'InferencePool']);

/** Why a case is not judged: it is about kinds that the model does not represent. */
export function gatewayApiExclusion(inputYaml: string): string | undefined {
  const kinds = documentsOf<RawDocument>(inputYaml).map(
    ({ kind = '' }) => kind,
  );
  return kinds.some(kind => EXPERIMENTAL.has(kind))
    ? 'Holds a kind of an experimental API (XBackend, XMesh, InferencePool) that istiod reads only behind a flag which is off by default'
    : undefined;
}

/** Compares what istiod makes of objects of Gateway API, and what it reports about them. */
export function gatewayApiFiles(
  inputYaml: string,
  expectedYaml: string,
  expectedStatusYaml: string | undefined,
): string | undefined {
  const raws = documentsOf<RawDocument>(inputYaml);
  const objects = raws.flatMap(raw => projectObject(raw) ?? []);
  const translation = translateGatewayApi(
    {
      gateways: only(objects, 'K8sGateway'),
      listenerSets: only(objects, 'ListenerSet'),
      routes: only(objects, 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'),
      tlsPolicies: only(objects, 'BackendTLSPolicy'),
      trafficPolicies: only(objects, 'XBackendTrafficPolicy'),
    },
    gatewayApiReferences(objects, raws),
  );
  const expected = documentsOf<ExpectedObject>(expectedYaml).map(
    ({ metadata, spec }) => ({
      name: `${metadata.namespace ?? ''}/${metadata.name}`,
      annotations: metadata.annotations ?? {},
      spec,
    }),
  );
  const origins = originsToTry(inputYaml);
  const text = (item: unknown) => JSON.stringify(normal(item, origins));
  const differs = difference(
    byName(expected.map(text), String),
    byName(internalObjects(translation).map(text), String),
  );
  if (differs !== undefined || expectedStatusYaml === undefined) {
    return differs;
  }
  const reported = (items: readonly ReportedStatus[]) =>
    byName(items, ({ object }) => object).map(({ object, status }) => ({
      object,
      status: withoutWords(status),
    }));
  return difference(
    reported(
      documentsOf<ExpectedObject>(expectedStatusYaml).map(
        ({ kind, metadata, status }) => ({
          object: nameOf(kind, metadata.namespace, metadata.name),
          status,
        }),
      ),
    ),
    reported(reportedStatuses(objects, translation)),
  );
}
