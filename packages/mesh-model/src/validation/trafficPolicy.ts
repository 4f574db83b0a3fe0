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

import { validateSelector } from './policyTarget';
import type { SpecNode } from './SpecNode';
import {
  durationSeconds,
  fqdnProblem,
  isDnsLabel,
  isIpAddress,
  portProblem,
  validateDuration,
  validateExportTo,
  validateLabels,
  validatePercent,
  wildcardDomainProblem,
} from './syntax';

function notNegative(node: SpecNode): void {
  node.errorIf(node.number < 0, `${node.path} must be non-negative`);
}

function validateTimeout(node: SpecNode): void {
  // 0s switches an idle timeout off.
  if (durationSeconds(node.text) !== 0) {
    validateDuration(node);
  }
}

/** Checks `connectionPool`. */
export function validateConnectionPool(pool: SpecNode): void {
  if (!pool.isSet) {
    return;
  }
  const http = pool.field('http');
  const tcp = pool.field('tcp');
  pool.errorIf(
    !http.isSet && !tcp.isSet,
    'connection pool must have at least one field',
  );
  for (const name of [
    'http1MaxPendingRequests',
    'http2MaxRequests',
    'maxRequestsPerConnection',
    'maxRetries',
    'maxConcurrentStreams',
  ]) {
    notNegative(http.field(name));
  }
  validateTimeout(http.field('idleTimeout'));
  const keepAlive = http.field('http2KeepAlive');
  if (keepAlive.isSet) {
    for (const name of ['interval', 'timeout']) {
      const node = keepAlive.field(name);
      node.errorIf(!node.isSet, `http2KeepAlive needs ${name}`);
      validateDuration(node);
    }
  }
  notNegative(tcp.field('maxConnections'));
  validateDuration(tcp.field('connectTimeout'));
  validateDuration(tcp.field('maxConnectionDuration'));
  validateTimeout(tcp.field('idleTimeout'));
  for (const name of ['time', 'interval']) {
    validateDuration(tcp.field('tcpKeepalive').field(name));
  }
  http.errorIf(
    http.field('h2UpgradePolicy').text === 'UPGRADE' &&
      http.field('useClientProtocol').isTrue,
    'useClientProtocol must not be true when h2UpgradePolicy is UPGRADE',
  );
}

/** Checks `outlierDetection`. */
export function validateOutlierDetection(outlier: SpecNode): void {
  if (!outlier.isSet) {
    return;
  }
  validateDuration(outlier.field('interval'));
  validateDuration(outlier.field('baseEjectionTime'));
  validatePercent(outlier.field('maxEjectionPercent'));
  validatePercent(outlier.field('minHealthPercent'));
  const local = outlier.field('consecutiveLocalOriginFailures');
  local.errorIf(
    local.number > 0 && !outlier.field('splitExternalLocalOriginErrors').isTrue,
    'consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors',
  );
  const errors = outlier.field('consecutiveErrors');
  if (errors.number !== 0) {
    errors.warn('consecutiveErrors is deprecated, use consecutive5xxErrors');
  }
}

function isPrime(number: number): boolean {
  if (number < 2) {
    return false;
  }
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) {
    if (number % divisor === 0) {
      return false;
    }
  }
  return true;
}

function validateConsistentHash(hash: SpecNode): void {
  const cookie = hash.field('httpCookie');
  if (cookie.isSet) {
    cookie.errorIf(
      cookie.field('name').text === '',
      'name required for HttpCookie',
    );
    const ttl = cookie.field('ttl');
    if (durationSeconds(ttl.text) !== 0) {
      validateDuration(ttl);
    }
    const seen = new Set<string>();
    for (const attribute of cookie.field('attributes').items) {
      const name = attribute.field('name').text;
      attribute.errorIf(name === '', 'attribute name is required');
      attribute.errorIf(seen.has(name), `duplicate attribute ${name}`);
      seen.add(name);
    }
  }
  const maglev = hash.field('maglev');
  const table = maglev.field('tableSize');
  maglev.errorIf(
    maglev.isSet && (table.number >= 5000011 || !isPrime(table.number)),
    'tableSize must be a prime number below 5000011',
  );
  const ring = hash.field('minimumRingSize');
  if (ring.number !== 0) {
    ring.warn('minimumRingSize is deprecated, use ringHash');
    ring.errorIf(
      maglev.isSet || hash.field('ringHash').isSet,
      'only one of minimumRingSize, maglev or ringHash can be specified',
    );
  }
}

const TOPOLOGY_LABELS = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

/** Why localities (`region/zone/subzone`, the last part may be `*`) do not exclude each other. */
function localitiesProblem(localities: readonly string[]): string | undefined {
  const seen: string[][] = [];
  for (const locality of localities) {
    if (locality.includes('*') && locality.indexOf('*') < locality.length - 1) {
      return `locality ${locality}: the wildcard * must be at the end, once`;
    }
    const parts = locality.split('/', 3);
    if (parts.includes('')) {
      return `locality ${locality} must not hold an empty region, zone or subzone`;
    }
    const overlap = seen.some(other =>
      other.every(
        (part, level) =>
          part === '*' || level >= parts.length || part === parts[level],
      ),
    );
    if (overlap) {
      return `locality ${locality} overlaps with an earlier one`;
    }
    seen.push(parts);
  }
  return undefined;
}

function validateLocality(locality: SpecNode, outlier: SpecNode): void {
  const distribute = locality.field('distribute');
  const failover = locality.field('failover');
  locality.errorIf(
    distribute.items.length > 0 && failover.items.length > 0,
    'cannot set both distribute and failover',
  );
  distribute.check(
    localitiesProblem(distribute.items.map(entry => entry.field('from').text)),
  );
  const priority = locality.field('failoverPriority');
  priority.errorIf(
    failover.items.length > 0 &&
      priority.items.some(({ text }) => TOPOLOGY_LABELS.includes(text)),
    'cannot set both failover and a topology label in failoverPriority',
  );
  if (failover.items.length + priority.items.length > 0 && !outlier.isSet) {
    locality.warn('outlier detection policy must be provided for failover');
  }
  for (const entry of distribute.items) {
    entry.check(
      localitiesProblem(entry.field('to').entries.map(([name]) => name)),
    );
    const weights = entry
      .field('to')
      .entries.map(([, weight]) => weight.number);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    entry.errorIf(
      weights.some(weight => weight <= 0 || weight > 100),
      'locality weight must be in the range 1..100',
    );
    entry.errorIf(total !== 100, `total locality weight ${total} is not 100`);
  }
  for (const entry of failover.items) {
    const [from, to] = [entry.field('from').text, entry.field('to').text];
    entry.errorIf(from === to, 'failover from and to must be different');
    entry.errorIf(
      /[/*]/.test(from) || /[/*]/.test(to),
      'failover names regions only',
    );
  }
}

/** Checks `loadBalancer`. */
export function validateLoadBalancer(
  balancer: SpecNode,
  outlier: SpecNode,
): void {
  if (!balancer.isSet) {
    return;
  }
  const locality = balancer.field('localityLbSetting');
  const zones = balancer.field('zoneAwareLbSetting');
  balancer.errorIf(
    locality.isSet && zones.isSet,
    'cannot set both localityLbSetting and zoneAwareLbSetting',
  );
  validateConsistentHash(balancer.field('consistentHash'));
  validateLocality(locality, outlier);
  validateLocality(zones, outlier);
  const warmup = balancer.field('warmup');
  const aggression = warmup.field('aggression');
  warmup.errorIf(
    warmup.isSet && !warmup.field('duration').isSet,
    'warmup needs a duration',
  );
  validateDuration(warmup.field('duration'));
  validateDuration(balancer.field('warmupDurationSecs'));
  validatePercent(warmup.field('minimumPercent'));
  aggression.errorIf(
    aggression.isSet && aggression.number <= 0,
    'warmup aggression must be greater than 0',
  );
  warmup.errorIf(
    warmup.isSet && balancer.field('warmupDurationSecs').isSet,
    'cannot set both warmup and warmupDurationSecs',
  );
}

const CERTIFICATE_FIELDS = ['clientCertificate', 'privateKey'];

/** Checks client TLS settings. */
function validateClientTls(tls: SpecNode): void {
  if (!tls.isSet) {
    return;
  }
  const mode = tls.field('mode').text || 'DISABLE';
  const given = (name: string) => tls.field(name).text !== '';
  const skips = tls.field('insecureSkipVerify').isTrue;
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  if (skips && originates) {
    const verifies =
      given('caCertificates') ||
      tls.field('subjectAltNames').items.length > 0 ||
      (mode === 'SIMPLE' && given('credentialName'));
    tls.errorIf(
      verifies,
      'insecureSkipVerify cannot stand with what verifies the server',
    );
  }
  if (originates && given('credentialName')) {
    for (const name of [...CERTIFICATE_FIELDS, 'caCertificates', 'caCrl']) {
      tls
        .field(name)
        .errorIf(given(name), `cannot be set together with credentialName`);
    }
    return;
  }
  for (const name of CERTIFICATE_FIELDS) {
    const field = tls.field(name);
    field.errorIf(
      mode === 'MUTUAL' && field.text === '',
      `${name} required for mutual tls`,
    );
  }
}

const POLICY_FIELDS = [
  'outlierDetection',
  'connectionPool',
  'loadBalancer',
  'tls',
  'portLevelSettings',
  'tunnel',
  'proxyProtocol',
  'retryBudget',
];

const PORT_POLICY_FIELDS = POLICY_FIELDS.slice(0, 4);

function validateSettings(policy: SpecNode): void {
  validateOutlierDetection(policy.field('outlierDetection'));
  validateConnectionPool(policy.field('connectionPool'));
  validateLoadBalancer(
    policy.field('loadBalancer'),
    policy.field('outlierDetection'),
  );
  validateClientTls(policy.field('tls'));
}

/** Checks `trafficPolicy`. */
export function validateTrafficPolicy(policy: SpecNode): void {
  if (!policy.isSet) {
    return;
  }
  policy.errorIf(
    POLICY_FIELDS.every(name => !policy.field(name).isSet),
    'traffic policy must have at least one field',
  );
  validateSettings(policy);
  const tunnel = policy.field('tunnel');
  policy.errorIf(
    tunnel.isSet && policy.field('proxyProtocol').isSet,
    'tunnel and proxyProtocol must not be set together',
  );
  if (tunnel.isSet) {
    const protocol = tunnel.field('protocol').text;
    tunnel.errorIf(
      !['', 'CONNECT', 'POST'].includes(protocol),
      'tunnel protocol must be CONNECT or POST',
    );
    const host = tunnel.field('targetHost');
    host.check(isIpAddress(host.text) ? undefined : fqdnProblem(host.text));
    tunnel
      .field('targetPort')
      .check(portProblem(tunnel.field('targetPort').number));
  }
  for (const settings of policy.field('portLevelSettings').items) {
    const port = settings.field('port');
    port.errorIf(!port.isSet, 'portLevelSettings must have a port');
    settings.errorIf(
      PORT_POLICY_FIELDS.every(name => !settings.field(name).isSet),
      'settings of a port must have at least one field',
    );
    validateSettings(settings);
  }
}

function validateSubsets(subsets: SpecNode): void {
  const seen = new Set<string>();
  for (const subset of subsets.items) {
    subset.errorIf(subset.isNull, 'subset may not be null');
    const name = subset.field('name');
    name.errorIf(
      !isDnsLabel(name.text),
      `subset name "${name.text}" is invalid`,
    );
    name.errorIf(seen.has(name.text), `duplicate subset name ${name.text}`);
    seen.add(name.text);
    validateLabels(subset.field('labels'));
    validateTrafficPolicy(subset.field('trafficPolicy'));
  }
}

/** Checks a DestinationRule. */
export function validateDestinationRule(
  spec: SpecNode,
  namespace: string,
): void {
  spec.field('host').check(wildcardDomainProblem(spec.field('host').text));
  validateTrafficPolicy(spec.field('trafficPolicy'));
  validateSubsets(spec.field('subsets'));
  const selector = spec.field('workloadSelector');
  validateSelector(selector);
  validateExportTo(spec.field('exportTo'), namespace, {
    hasSelector: selector.isSet,
  });
}
