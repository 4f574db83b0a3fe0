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
  attributesInWords,
  evaluatePath,
  type AuthorizationDecision,
  type AuthorizationRequest,
} from '../../authorization';
import { usesWaypoint } from '../../authorization/path';
import { isHttpProtocol, protocolOfPort } from '../../identity';
import {
  clientOfWorkload,
  controlPlaneOfPod,
  waypointOf,
  workloadsOfPods,
  type Client,
  type Workload,
} from '../../membership';
import { mtlsPathOf, type EndpointGroup } from '../../mtls';
import type { ServicePort, SlimObjectByKind } from '../../objects';
import type { MeshSnapshot } from '../../snapshot';
import type { Provenance, Verdict } from '../../verdict';
import type { ExposurePath } from '../exposure';
import { decidedForTokens } from './openDecision';
import { isRoutedAsHttp } from './routedAs';

type Service = SlimObjectByKind['Service'];

/** Does a service take what a gateway sends it? */
export interface ServiceAdmission {
  /** `some`: it depends on the request */
  admits: 'yes' | 'some' | 'no' | 'unknown';
  /** `pass` only when every pod surely takes every request */
  verdict: Verdict;
  /** what would have to change so that a refused gateway is let in */
  remedy?: string;
}

/** What one group of pods does with what the gateway sends. */
interface Judged {
  outcome: AuthorizationDecision['decision'];
  says: string;
  facts: readonly Provenance[];
  remedy?: string;
}

/** The ports of the service that the way leads to; `undefined` where the route does not tell. */
function portsOf(
  { sendsTo }: ExposurePath,
  { spec: { ports } }: Service,
): readonly ServicePort[] | undefined {
  if (ports.length === 1) {
    return ports;
  }
  const written = sendsTo.map(({ port }) =>
    ports.find(each =>
      typeof port === 'string' ? each.name === port : each.port === port,
    ),
  );
  const found = written.filter(port => port !== undefined);
  return found.length > 0 && found.length === written.length
    ? [...new Set(found)]
    : undefined;
}

function gatewayClient(snapshot: MeshSnapshot, workload: Workload): Client {
  return { ...clientOfWorkload(snapshot, workload), proxy: 'gateway' };
}

/** Is what arrives identified as the gateway’s? R3.7, R3.17 */
function isIdentified({ sent, server }: EndpointGroup): boolean {
  return (
    sent.transport === 'hbone' ||
    (sent.transport === 'mutual-tls' &&
      server.mode !== 'DISABLE' &&
      server.mode !== 'NONE')
  );
}

/** How the server reads what the gateway sends; `undefined` where that is not known. R1.6 */
function readAs(
  path: ExposurePath,
  port: ServicePort,
): AuthorizationRequest['protocol'] {
  const protocol = protocolOfPort(port);
  const http = isHttpProtocol(protocol);
  if (isRoutedAsHttp(path)) {
    return http || protocol === 'auto' ? 'http' : 'tcp';
  }
  return http || protocol === 'auto' ? undefined : 'tcp';
}

function inWords(
  decision: AuthorizationDecision,
  identity: string,
): Pick<Judged, 'says'> {
  switch (decision.decision) {
    case 'allow':
      return {
        says: `The service lets the gateway in ${identity}: ${decision.reason}`,
      };
    case 'deny':
      return {
        says: `The service refuses the gateway ${identity}: ${decision.reason}`,
      };
    case 'depends':
      return {
        says: `Whether the service lets the gateway in ${identity} depends on ${attributesInWords(
          decision.dependsOn,
        )}: ${decision.reason}`,
      };
    default:
      return {
        says: `Whether the service lets the gateway in ${identity} is not known: ${decision.reason}`,
      };
  }
}

interface Question {
  snapshot: MeshSnapshot;
  path: ExposurePath;
  service: Service;
  client: Client;
}

function judgeWorkload(
  { snapshot, path, service, client }: Question,
  port: ServicePort,
  group: EndpointGroup,
  workload: Workload,
  identified: boolean,
): Judged {
  const { namespace, serviceAccount } = client;
  const identity = identified
    ? `(${namespace}/${serviceAccount})`
    : '(without an identity of the mesh)';
  const protocol = readAs(path, port);
  const pod = workload.pods.at(0);
  const revision = pod && controlPlaneOfPod(snapshot, pod);
  const decision = decidedForTokens(token => {
    const { hops, ...whole } = evaluatePath(snapshot, {
      workload,
      service,
      client,
      servicePort: port.port,
      ...(revision === undefined ? {} : { revision }),
      request: {
        ...(protocol === undefined ? {} : { protocol }),
        peer: identified ? { namespace, serviceAccount } : 'none',
        port: group.targetPort,
        ...(token === undefined ? {} : { token }),
      },
    });
    const deciding =
      hops.find(hop => hop.decision.decision === whole.decision) ??
      hops[hops.length - 1];
    return deciding.decision;
  });
  const [remedy] = decision.remedies;
  return {
    outcome: decision.decision,
    ...inWords(decision, identity),
    facts: decision.decidedBy,
    ...(decision.decision === 'deny' && remedy !== undefined ? { remedy } : {}),
  };
}

function judgeGroup(
  question: Question,
  port: ServicePort,
  group: EndpointGroup,
): Judged[] {
  const { snapshot, service, client } = question;
  const throughWaypoint =
    usesWaypoint(snapshot, client, service) &&
    waypointOf(snapshot, service).state === 'bound';
  if (!throughWaypoint && group.outcome !== 'encrypted') {
    const facts = [group.sent.by, group.server.by, group.endedBy].flatMap(
      fact => fact ?? [],
    );
    if (group.outcome === 'broken') {
      return [
        {
          outcome: 'deny',
          says: `The pods do not take what the gateway sends: ${group.says}`,
          facts,
        },
      ];
    }
    if (group.outcome === 'unknown') {
      return [
        {
          outcome: 'unknown',
          says: `Whether the pods take what the gateway sends is not known: ${group.says}`,
          facts,
        },
      ];
    }
  }
  const identified = throughWaypoint || isIdentified(group);
  return workloadsOfPods(snapshot, group.pods).map(workload =>
    judgeWorkload(question, port, group, workload, identified),
  );
}

function unknownAdmission(reason: string): ServiceAdmission {
  return {
    admits: 'unknown',
    verdict: { state: 'unknown', reason, facts: [] },
  };
}

/** What all pods agree on; where some refuse, that is what hurts, if the route surely leads to them. */
function summaryOf(
  judged: readonly Judged[],
  leadsToAll: boolean,
): ServiceAdmission {
  const having = (outcome: Judged['outcome']) =>
    judged.filter(each => each.outcome === outcome);
  const [refused] = having('deny');
  if (refused) {
    const all = having('deny').length === judged.length;
    const { says, facts, remedy } = refused;
    if (!all && !leadsToAll) {
      return {
        admits: 'unknown',
        verdict: {
          state: 'unknown',
          reason: `Some of the pods refuse the gateway, and whether the route leads to them is not known: ${says}`,
          facts: [...facts],
        },
      };
    }
    return {
      admits: all ? 'no' : 'some',
      verdict: {
        state: 'fail',
        reason: all ? says : `Some of the pods refuse the gateway: ${says}`,
        facts: [...facts],
      },
      ...(remedy === undefined ? {} : { remedy }),
    };
  }
  const open = having('unknown').at(0) ?? having('depends').at(0);
  if (open) {
    return {
      admits: open.outcome === 'depends' ? 'some' : 'unknown',
      verdict: { state: 'unknown', reason: open.says, facts: [...open.facts] },
    };
  }
  const [allowed] = judged;
  return allowed === undefined
    ? unknownAdmission(
        'Whether the service lets the gateway in is not known: it has no pod that could be asked',
      )
    : {
        admits: 'yes',
        verdict: {
          state: 'pass',
          reason: allowed.says,
          facts: judged.flatMap(({ facts }) => facts),
        },
      };
}

/**
 * Does a service take what a gateway sends it: the TLS that is sent against what the pods demand, then the policies of the
 * waypoint and of the pods, which see the gateway and not the caller behind it. Method, path and headers are not known, so
 * the answer may depend on them. R3.17, R4.4, R4.10 – R4.27
 *
 * @param workload - one that serves the gateway
 */
export function admissionAtService(
  snapshot: MeshSnapshot,
  path: ExposurePath,
  service: Service,
  workload: Workload,
): ServiceAdmission {
  if (path.tlsMode === 'AUTO_PASSTHROUGH') {
    return unknownAdmission(
      'The connection of the caller passes through the gateway unopened: whom the service sees is not known here',
    );
  }
  const client = gatewayClient(snapshot, workload);
  const ports = portsOf(path, service);
  const judged = (ports ?? service.spec.ports).flatMap(port =>
    mtlsPathOf(snapshot, client, service, port).groups.flatMap(group =>
      judgeGroup({ snapshot, path, service, client }, port, group),
    ),
  );
  const leadsToAll =
    ports !== undefined &&
    path.sendsTo.every(({ subset }) => subset === undefined);
  return summaryOf(judged, leadsToAll);
}
