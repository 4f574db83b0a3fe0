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
import { isReferenceGranted } from '../../src/gateways/referenceGrant';
import {
  projectObject,
  type HttpHeaderModifier,
  type HttpRoute,
} from '../../src/objects';
import { headerModifierProblem } from '../../src/gateways/gatewayApi/routeFilters';
import { compareGatewayApiRoutes } from '../../src/gateways/gatewayApi/routeOrder';
import { hostsMatch } from '../../src/identity';
import { difference, type CaseJudge } from './routingCase';

const sortRoutes: CaseJudge = testCase => {
  const { in: given, out } = testCase as {
    in: readonly HttpRoute[];
    out: readonly HttpRoute[];
  };
  return difference(out, [...given].sort(compareGatewayApiRoutes));
};

const parentHostnames: CaseJudge = testCase => {
  const { parentHostnames: parents, routeHostnames } = testCase as {
    parentHostnames: readonly string[];
    routeHostnames: readonly string[];
  };
  const allowed = parents.some(parent =>
    routeHostnames.some(host =>
      hostsMatch(parent.slice(parent.indexOf('/') + 1), host),
    ),
  );
  return difference(true, allowed);
};

const references: CaseJudge = testCase => {
  const { config, expectations } = testCase as {
    config: string;
    expectations: readonly {
      name: string;
      namespace: string;
      allowed: boolean;
    }[];
  };
  const grants = parseAllDocuments(config).flatMap(document => {
    const object = projectObject(document.toJS());
    return object?.kind === 'ReferenceGrant' ? [object] : [];
  });
  return difference(
    expectations.map(item => item.allowed),
    expectations.map(({ name, namespace }) => {
      const [, target, secret] = /^kubernetes-gateway:\/\/([^/]+)\/(.+)$/.exec(
        name,
      ) ?? ['', '', ''];
      return isReferenceGranted(grants, {
        from: {
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          namespace,
        },
        to: { group: '', kind: 'Secret', namespace: target, name: secret },
      });
    }),
  );
};

const headers: CaseJudge = testCase => {
  const { filter, wantErr, errReason } = testCase as {
    filter?: HttpHeaderModifier;
    wantErr: boolean;
    errReason?: string;
  };
  const problem = headerModifierProblem(filter);
  return difference(
    wantErr ? errReason : undefined,
    problem?.slice(0, problem.indexOf(':')),
  );
};

/** Judges the cases of `tables/gateway-api.json`, by test. */
export const gatewayApiTests: Readonly<Record<string, CaseJudge>> = {
  TestSortHTTPRoutes: sortRoutes,
  TestGatewayReferenceAllowedParentHostnameParsing: parentHostnames,
  TestReferencePolicy: references,
  TestCreateHeadersFilter: headers,
};
