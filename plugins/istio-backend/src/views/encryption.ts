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

import type {
  Provenance,
  ServicePortMode,
  Verdict,
} from '@mesh-portal/mesh-model';
import { percent, perSecond } from './numbersInWords';
import { plainVerdict, worstVerdict } from './verdicts';

/** What configuration says about the encryption of one service. */
export interface ConfiguredEncryption {
  /** every port that carries TCP: what it accepts, and the worst of what clients send to it */
  ports: readonly {
    mode: ServicePortMode['mode'];
    /** what clients send does not fit what the port accepts */
    broken: boolean;
    /** what lets plaintext in past the proxy, so that it is not seen */
    unseen?: Provenance;
    verdict: Verdict;
  }[];
  /** no workload of the service has a proxy */
  unmeshed: boolean;
  /** why nothing of it is certain, see `malformedEncryption` */
  uncertain?: Verdict;
}

/** What the servers saw of the service's traffic. */
export interface SeenEncryption {
  /** 0 to 1, of requests (of connections where there are no requests); absent when nothing was seen */
  mutualTlsShare?: number;
  plaintextPerSecond?: number;
  /** why there is no share */
  reason?: string;
}

/** What lets plaintext into a port past the proxies of one of its workloads. */
export function unseenPlaintext({
  workloads,
}: ServicePortMode): Pick<ConfiguredEncryption['ports'][number], 'unseen'> {
  const unseen = workloads.find(({ server }) => server.plaintextPassesBy)
    ?.server.plaintextPassesBy;
  return unseen === undefined ? {} : { unseen };
}

/** Nothing is proven where plaintext comes in past the proxy, whatever clients in the mesh send. */
export function withUnseen(
  verdict: Verdict,
  unseen: Provenance | undefined,
): Verdict {
  return unseen === undefined || verdict.state !== 'pass'
    ? verdict
    : {
        ...verdict,
        state: 'unknown',
        reason: `Clients in the mesh encrypt, but plaintext would come in unseen. ${unseen.says}`,
        facts: [unseen, ...verdict.facts],
      };
}

const NO_PORT = plainVerdict(
  'unknown',
  'The service has no port that carries TCP',
);

/**
 * Is the traffic of a service encrypted? The one rule of the service's page and of the list: configuration alone proves
 * it only where nothing but mutual TLS is accepted; where plaintext is accepted too, it takes what was seen.
 */
export function encryptionVerdict(
  { ports, unmeshed, uncertain }: ConfiguredEncryption,
  seen: SeenEncryption | undefined,
): Verdict {
  const configured = worstVerdict(
    ports.map(({ verdict }) => verdict),
    NO_PORT,
  );
  if (unmeshed && !ports.some(({ broken }) => broken)) {
    return plainVerdict(
      'not-applicable',
      'The service is not in the mesh: Istio encrypts nothing of its traffic',
    );
  }
  if (uncertain) {
    return uncertain;
  }
  if (configured.state !== 'pass') {
    return configured;
  }
  const plaintext = seen?.plaintextPerSecond ?? 0;
  const share = seen?.mutualTlsShare;
  if (share !== undefined && share < 1 && plaintext > 0) {
    return {
      ...configured,
      state: 'fail',
      reason: `${percent(1 - share)} of the traffic (${perSecond(
        plaintext,
      )}) was seen in plaintext`,
    };
  }
  if (ports.every(({ mode }) => mode === 'STRICT')) {
    return {
      ...configured,
      reason: 'Encrypted: only mutual TLS is accepted (STRICT)',
    };
  }
  const unseen = ports.find(port => port.unseen)?.unseen;
  if (unseen) {
    return withUnseen(configured, unseen);
  }
  return share === undefined
    ? {
        ...configured,
        state: 'unknown',
        reason: `Clients in the mesh encrypt, but plaintext is accepted too (not STRICT), and what was sent is not known: ${
          seen?.reason ?? 'nothing was observed'
        }`,
      }
    : {
        ...configured,
        reason:
          'All traffic seen was encrypted; plaintext would be accepted too (not STRICT)',
      };
}
