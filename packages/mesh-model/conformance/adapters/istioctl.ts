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

import { injectionOf, revisionFromStatus } from '../../src/membership';
import { projectObject, type StringMap } from '../../src/objects';
import { snapshotOf } from '../../src/snapshot';
import type { TableAdapter } from '../corpus';
import { istioProtocol } from './protocolName';
import { difference } from './routingCase';

interface WebhookCase {
  pod: { metadata: { namespace: string; labels?: StringMap } };
  ns: Readonly<Record<string, unknown>>;
  expectedMessages: readonly { revision: string; injected?: boolean }[];
}

interface DescribedPort {
  name?: string;
  protocol?: string;
  appProtocol?: string;
  port?: number;
}

/** How `istioctl describe` calls the protocol: it sets a port that says nothing apart from one that says something unknown. */
function describedProtocol(port: DescribedPort): string {
  const silent =
    (port.name ?? '') === '' &&
    port.appProtocol === undefined &&
    port.protocol !== 'UDP';
  if (silent) {
    return 'auto-detect';
  }
  const protocol = istioProtocol(port);
  return protocol === 'UnsupportedProtocol' && port.appProtocol === 'hbone'
    ? 'HBONE'
    : protocol;
}

/** Revision, protocol, and which webhook injects. */
export const istioctlTests: TableAdapter = {
  tests: {
    TestGetRevisionFromPodAnnotation: raw => {
      const { anno, expected } = raw as { anno: StringMap; expected: string };
      return difference(expected, revisionFromStatus(anno) ?? '');
    },
    TestFindProtocolForPort: raw => {
      const { port, expectedProtocol } = raw as {
        port: DescribedPort;
        expectedProtocol: string;
      };
      return difference(
        expectedProtocol.toUpperCase(),
        describedProtocol(port).toUpperCase(),
      );
    },
    Test_analyzeRunningWebhooks: raw => {
      const { pod, ns, expectedMessages } = raw as WebhookCase;
      const namespace = projectObject({ apiVersion: 'v1', ...ns });
      const decision = injectionOf(snapshotOf(namespace ? [namespace] : []), {
        namespace: pod.metadata.namespace,
        labels: pod.metadata.labels ?? {},
        annotations: {},
        hostNetwork: false,
      });
      return difference(
        expectedMessages
          .filter(({ injected }) => injected === true)
          .map(({ revision }) => revision),
        decision.injected ? [decision.revision] : [],
      );
    },
  },
};
