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

import { snapshotOf } from '../../src/snapshot';
import { sidecarClient, type CaseJudge } from './routingCase';
import { sidecarRoutes } from './sidecarRouteTable';
import { compared } from './simulatedCall';
import { simulatedGateway } from './simulatedGateway';
import { objectsOf, proxyOf, type SimulationCase } from './simulatedMesh';
import { inboundCall, sidecarCall } from './simulatedSidecar';

const simulation: CaseJudge = raw => {
  const testCase = raw as SimulationCase;
  const { objects, raws } = objectsOf(testCase);
  const snapshot = snapshotOf(objects);
  const proxy = proxyOf(testCase, raws);
  const client = sidecarClient(proxy.namespace, proxy.labels);
  const atGateway = simulatedGateway(snapshot, raws, proxy);
  const differences = testCase.calls.flatMap(({ name, call, result }) => {
    const actual = proxy.gateway
      ? atGateway(call)
      : (call.callMode === 'inbound' ? inboundCall : sidecarCall)(
          call,
          snapshot,
          client,
        );
    const differs = compared(result, actual, !proxy.gateway);
    return differs === undefined ? [] : [`${name ?? ''} ${differs}`];
  });
  return differences.length === 0 ? undefined : differences.join('; ');
};

/** Judges the cases of `tables/route-simulation.json`, by test. */
export const routeSimulationTests: Readonly<Record<string, CaseJudge>> = {
  TestDisablePortTranslation: simulation,
  TestHTTPGateway: simulation,
  TestGatewayConflicts: simulation,
  TestTargetPort: simulation,
  TestGatewayServices: simulation,
  TestTLSRouteTermination: simulation,
  TestInbound: simulation,
  TestInboundSidecarTLSModes: simulation,
  TestHeadlessServices: simulation,
  TestExternalNameServices: simulation,
  TestPassthroughTraffic: simulation,
  TestLoop: simulation,
  TestSidecarRoutes: sidecarRoutes,
  TestServiceEntry: simulation,
  TestServiceEntryDuplicatedHostname: simulation,
  TestIngress: simulation,
};
