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
  grantedCredentials,
  type GatewayIdentity,
} from '../../src/gateways/gatewayCredentials';
import {
  mergeGatewayServers,
  type ServedGateway,
} from '../../src/gateways/gatewayServers';
import { projectObject, type StringMap } from '../../src/objects';
import { difference, type CaseJudge } from './routingCase';

interface RawGateway {
  metadata: { annotations?: StringMap };
}

interface MergeCase {
  gwConfig: readonly RawGateway[];
  proxy?: Readonly<Record<string, unknown>>;
  /** listeners by port, protocol and bind */
  mergedServersNum: number;
  serverNum: number;
  serversForRouteNum: Readonly<Record<string, number>>;
  gatewaysNum: number;
  verifiedCertNum: number;
}

/** The namespace whose Secrets upstream's fake controller lets everybody use. */
const ALLOWED = 'allowed-ns';

const ACCOUNT = 'internal.istio.io/service-account-name';
const PARENT_NAMESPACE = 'internal.istio.io/parent-namespace';

function identityOf(proxy: MergeCase['proxy']): GatewayIdentity | undefined {
  const found = Object.entries(proxy ?? {}).find(
    ([key]) => key.toLowerCase() === 'verifiedidentity',
  )?.[1];
  if (typeof found !== 'object' || found === null) {
    return undefined;
  }
  const fields = new Map(
    Object.entries(found).map(([key, value]) => [
      key.toLowerCase(),
      String(value),
    ]),
  );
  return {
    namespace: fields.get('namespace') ?? '',
    serviceAccount: fields.get('serviceaccount') ?? '',
  };
}

function servedGateways(raws: readonly RawGateway[]): {
  served: ServedGateway;
  expected: { account: string; parentNamespace?: string };
}[] {
  return raws.flatMap(raw => {
    const gateway = projectObject({
      apiVersion: 'networking.istio.io/v1',
      ...raw,
    });
    const { annotations = {} } = raw.metadata;
    const parentNamespace = annotations[PARENT_NAMESPACE];
    return gateway?.kind === 'Gateway'
      ? [
          {
            served: { gateway },
            expected: {
              account: annotations[ACCOUNT] ?? '',
              ...(parentNamespace === undefined ? {} : { parentNamespace }),
            },
          },
        ]
      : [];
  });
}

/** Gateways on one proxy → merged servers, their route tables, and the certificates the proxy may have. */
export const mergedGateways: CaseJudge = raw => {
  const testCase = raw as MergeCase;
  const gateways = servedGateways(testCase.gwConfig);
  const { servers, skipped } = mergeGatewayServers(
    gateways.map(({ served }) => served),
    { namespace: 'default', labels: {}, servicePorts: [] },
  );
  const byRoute: Record<string, number> = {};
  for (const { routeName } of servers) {
    if (routeName !== '') {
      byRoute[routeName] = (byRoute[routeName] ?? 0) + 1;
    }
  }
  const identity = identityOf(testCase.proxy);
  const credentials = new Set(
    gateways.flatMap(({ served, expected }) =>
      grantedCredentials(
        served,
        identity,
        expected,
        secret => secret.namespace === ALLOWED,
      ),
    ),
  );
  return difference(
    {
      listeners: testCase.mergedServersNum,
      servers: testCase.serverNum,
      routes: testCase.serversForRouteNum,
      considered: testCase.gatewaysNum,
      credentials: testCase.verifiedCertNum,
    },
    {
      listeners: new Set(servers.map(({ listener }) => listener)).size,
      servers: servers.length,
      routes: byRoute,
      considered: servers.length + skipped.length,
      credentials: credentials.size,
    },
  );
};
