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

import {
  isHttpProtocol,
  meshConfigOf,
  protocolOfPort,
  serviceHostname,
} from '../identity';
import type { Protocol } from '../identity';
import type { Client } from '../membership';
import type { ServicePort, SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance, Verdict } from '../verdict';
import { nameMismatch } from './acceptedNames';
import { type ServerMode, serverModeOfPod } from './serverMode';
import { sidecarTlsAt } from './sidecarTls';
import {
  clientSideOf,
  type EndpointSide,
  type SentTransport,
  type Transport,
} from './transport';

type Pod = SlimObjectByKind['Pod'];
type Service = SlimObjectByKind['Service'];

/** How a connection ends; `unknown` where a Sidecar ends TLS with a certificate of its own. R3.8, R3.17 */
export type PathOutcome = 'encrypted' | 'unencrypted' | 'broken' | 'unknown';

/** Endpoints of one kind: the same transport, mode and outcome. */
export interface EndpointGroup {
  pods: readonly Pod[];
  targetPort: number;
  sent: SentTransport;
  server: ServerMode;
  outcome: PathOutcome;
  /** one sentence */
  says: string;
  /** the Sidecar that ends TLS there with a certificate of its own, or what the client accepts in certificates */
  endedBy?: Provenance;
}

/** What happens between a client and a service port. */
export interface MtlsPath {
  port: number;
  summary: 'mtls' | 'mixed' | 'plaintext' | 'broken' | 'unknown';
  groups: readonly EndpointGroup[];
  verdict: Verdict;
}

/** Port of the pod that a Service port leads to; undefined when the pod has no port of that name. */
export function targetPortOf(port: ServicePort, pod: Pod): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort;
  for (const { ports } of pod.spec.containers) {
    const named = ports.find(({ name }) => name === port.targetPort);
    if (named) return named.containerPort;
  }
  return undefined;
}

/** Live pods behind a Service: selected, not terminated. */
export function podsOfService(
  snapshot: MeshSnapshot,
  service: Service,
): readonly Pod[] {
  const { namespace, name } = service.metadata;
  const selected =
    Object.keys(service.spec.selector).length > 0
      ? snapshot.podsBySelector(namespace, service.spec.selector)
      : snapshot
          .endpointSlicesOf(namespace, name)
          .flatMap(({ spec }) => spec.endpoints)
          .flatMap(({ podName }) => {
            const pod = podName && snapshot.get('Pod', namespace, podName);
            return pod ? [pod] : [];
          });
  return selected.filter(
    ({ spec }) => spec.phase !== 'Succeeded' && spec.phase !== 'Failed',
  );
}

/** Endpoints of a Service port with what each accepts. */
export function endpointsOfPort(
  snapshot: MeshSnapshot,
  service: Service,
  port: ServicePort,
): EndpointSide[] {
  return podsOfService(snapshot, service).flatMap(pod => {
    const targetPort = targetPortOf(port, pod);
    return targetPort === undefined
      ? []
      : [
          {
            pod,
            targetPort,
            server: serverModeOfPod(snapshot, pod, targetPort),
          },
        ];
  });
}

/** How a transport ends at a server mode. R3.17 */
export function outcomeOf(
  transport: Transport,
  mode: ServerMode['mode'],
  protocol: Protocol,
): { outcome: PathOutcome; says: string } {
  const broken = (says: string) => ({ outcome: 'broken' as const, says });
  const open = (says: string) => ({ outcome: 'unencrypted' as const, says });
  const encrypted = (says: string) => ({ outcome: 'encrypted' as const, says });
  switch (transport) {
    case 'mutual-tls':
    case 'hbone':
      if (mode === 'STRICT' || mode === 'PERMISSIVE') {
        return encrypted('Mutual TLS is sent and accepted');
      }
      // HBONE is accepted on its own port, whatever the PeerAuthentication says. R3.7
      if (transport === 'hbone' && mode === 'DISABLE') {
        return encrypted('HBONE is accepted on its own port');
      }
      return broken(
        mode === 'NONE'
          ? 'Mutual TLS is sent to the application itself, with no proxy in between: it cannot read it'
          : 'Mutual TLS is sent, and the server has it disabled: it cannot read it',
      );
    case 'plaintext':
      return mode === 'STRICT'
        ? broken(
            'Plaintext is sent, and the server demands mutual TLS: the connection is reset',
          )
        : open('Plaintext is sent and accepted');
    default:
      if (mode === 'STRICT') {
        return broken(
          'TLS without a mesh certificate is sent, and the server demands mutual TLS',
        );
      }
      if (mode === 'PERMISSIVE' && isHttpProtocol(protocol)) {
        return broken(
          'TLS is sent to a port declared as HTTP: no filter chain accepts it',
        );
      }
      return encrypted('The client’s own TLS reaches the application');
  }
}

const SUMMARY_WORDS = {
  mtls: 'Encrypted with mutual TLS',
  plaintext: 'Not encrypted: plaintext is sent and accepted',
  mixed: 'Partly encrypted: it depends on the endpoint',
} as const;

function summaryOf(groups: readonly EndpointGroup[]): MtlsPath['summary'] {
  const outcomes = new Set(groups.map(({ outcome }) => outcome));
  if (outcomes.size === 0) return 'unknown';
  if (outcomes.has('broken')) return 'broken';
  if (outcomes.has('unknown')) return 'unknown';
  if (outcomes.size > 1) return 'mixed';
  return outcomes.has('encrypted') ? 'mtls' : 'plaintext';
}

function factsOf(groups: readonly EndpointGroup[]): Provenance[] {
  const facts = new Map<string, Provenance>();
  for (const { sent, server, endedBy } of groups) {
    for (const fact of [sent.by, server.by, endedBy]) {
      if (!fact) continue;
      const { group, kind, namespace, name } = fact.object;
      facts.set(`${group}/${kind}/${namespace}/${name}/${fact.path}`, fact);
    }
  }
  return [...facts.values()];
}

/**
 * Does a client reach a Service port, and is it encrypted: every endpoint's transport and mode, and how that ends. R3.17
 *
 * The verdict fails when a connection breaks or travels unencrypted, and is unknown without endpoints, or where a Sidecar ends
 * TLS with a certificate of its own.
 */
export function mtlsPathOf(
  snapshot: MeshSnapshot,
  client: Client,
  service: Service,
  port: ServicePort,
): MtlsPath {
  const { namespace, name } = service.metadata;
  const endpoints = endpointsOfPort(snapshot, service, port);
  const side = clientSideOf(
    snapshot,
    client,
    {
      namespace,
      host: serviceHostname(
        name,
        namespace,
        meshConfigOf(snapshot).clusterDomain,
      ),
      headless: service.spec.clusterIP === 'None',
    },
    port.port,
    endpoints,
  );
  const groups = groupEndpoints(
    snapshot,
    endpoints,
    side.sendsTo,
    protocolOfPort(port),
  );
  const summary = summaryOf(groups);
  return {
    port: port.port,
    summary,
    groups,
    verdict: verdictOf(summary, groups),
  };
}

/** How what is sent ends at one endpoint, a Sidecar that ends TLS itself and the names in certificates included. R3.8, R3.17, R8.15 */
function endAt(
  snapshot: MeshSnapshot,
  endpoint: EndpointSide,
  { transport, accepts }: SentTransport,
  protocol: Protocol,
): Pick<EndpointGroup, 'outcome' | 'says' | 'endedBy'> {
  // On a port declared as TLS the application itself sends it.
  const ofApplication = protocol === 'tls' || protocol === 'https';
  const ended = sidecarTlsAt(
    snapshot,
    endpoint,
    transport === 'plaintext' && !ofApplication,
  );
  if (ended !== undefined) {
    return {
      outcome: ended.refused ? 'broken' : 'unknown',
      says: ended.says,
      ...(ended.by && { endedBy: ended.by }),
    };
  }
  const end = outcomeOf(transport, endpoint.server.mode, protocol);
  const mismatch =
    end.outcome === 'encrypted'
      ? nameMismatch(
          snapshot,
          accepts,
          endpoint.pod,
          transport === 'mutual-tls',
        )
      : undefined;
  return mismatch === undefined
    ? end
    : {
        outcome: mismatch.state === 'refused' ? 'broken' : 'unknown',
        says: mismatch.says,
        ...(mismatch.by && { endedBy: mismatch.by }),
      };
}

function groupEndpoints(
  snapshot: MeshSnapshot,
  endpoints: readonly EndpointSide[],
  sendsTo: (endpoint: EndpointSide) => SentTransport,
  protocol: Protocol,
): EndpointGroup[] {
  const groups = new Map<string, EndpointGroup & { pods: Pod[] }>();
  for (const endpoint of endpoints) {
    const sent = sendsTo(endpoint);
    const { server, targetPort, pod } = endpoint;
    const end = endAt(snapshot, endpoint, sent, protocol);
    const key = [
      sent.transport,
      sent.says,
      server.mode,
      server.says,
      targetPort,
      end.says,
    ].join('\n');
    const group = groups.get(key);
    if (group) {
      group.pods.push(pod);
    } else {
      groups.set(key, {
        pods: [pod],
        targetPort,
        sent,
        server,
        ...end,
      });
    }
  }
  return [...groups.values()];
}

function verdictOf(
  summary: MtlsPath['summary'],
  groups: readonly EndpointGroup[],
): Verdict {
  const facts = factsOf(groups);
  if (summary === 'unknown') {
    return {
      state: 'unknown',
      reason:
        groups.find(({ outcome }) => outcome === 'unknown')?.says ??
        'The port has no endpoints, so nothing can be said about its connections',
      facts,
    };
  }
  if (summary === 'broken') {
    const broken = groups.filter(({ outcome }) => outcome === 'broken');
    return {
      state: 'fail',
      reason: `${broken[0].says}. ${broken[0].sent.says}; ${broken[0].server.says}`,
      facts,
    };
  }
  return {
    state: summary === 'mtls' ? 'pass' : 'fail',
    reason:
      summary === 'mtls'
        ? SUMMARY_WORDS.mtls
        : `${SUMMARY_WORDS[summary]}. ${
            groups.find(({ outcome }) => outcome === 'unencrypted')?.sent.says
          }`,
    facts,
  };
}
