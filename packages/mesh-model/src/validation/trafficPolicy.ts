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

import type { SpecNode } from './SpecNode';
import {
  durationSeconds,
  isDnsLabel,
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
    ttl.errorIf(!ttl.isSet, 'ttl required for HttpCookie');
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
  const table = hash.field('maglev').field('tableSize');
  table.errorIf(
    table.number > 5000011 || (table.number !== 0 && !isPrime(table.number)),
    'tableSize must be a prime number not above 5000011',
  );
}

function validateLocality(locality: SpecNode): void {
  const distribute = locality.field('distribute');
  const failover = locality.field('failover');
  locality.errorIf(
    distribute.items.length > 0 && failover.items.length > 0,
    'cannot set both distribute and failover',
  );
  for (const entry of distribute.items) {
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
export function validateLoadBalancer(balancer: SpecNode): void {
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
  validateLocality(locality);
  validateLocality(zones);
  const warmup = balancer.field('warmup');
  const aggression = warmup.field('aggression');
  validateDuration(warmup.field('duration'));
  validatePercent(warmup.field('minimumPercent'));
  aggression.errorIf(
    aggression.isSet && aggression.number < 1,
    'warmup aggression must be at least 1',
  );
  warmup.errorIf(
    warmup.isSet && balancer.field('warmupDurationSecs').isSet,
    'cannot set both warmup and warmupDurationSecs',
  );
}

const CERTIFICATE_FIELDS = ['clientCertificate', 'privateKey'];

/** Checks client TLS settings. */
export function validateClientTls(tls: SpecNode): void {
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
    field.errorIf(
      mode === 'ISTIO_MUTUAL' && field.text !== '',
      `ISTIO_MUTUAL TLS cannot have ${name}`,
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

function validateSettings(policy: SpecNode): void {
  validateOutlierDetection(policy.field('outlierDetection'));
  validateConnectionPool(policy.field('connectionPool'));
  validateLoadBalancer(policy.field('loadBalancer'));
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
  if (tunnel.isSet) {
    const protocol = tunnel.field('protocol').text;
    tunnel.errorIf(
      !['', 'CONNECT', 'POST'].includes(protocol),
      'tunnel protocol must be CONNECT or POST',
    );
    tunnel
      .field('targetPort')
      .check(portProblem(tunnel.field('targetPort').number));
  }
  for (const settings of policy.field('portLevelSettings').items) {
    const port = settings.field('port');
    port.errorIf(!port.isSet, 'portLevelSettings must have a port');
    if (port.isSet) {
      port.check(portProblem(port.field('number').number));
    }
    validateSettings(settings);
  }
}

function validateSubsets(subsets: SpecNode): void {
  const seen = new Set<string>();
  for (const subset of subsets.items) {
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
  if (selector.isSet && selector.field('matchLabels').entries.length === 0) {
    selector.warn('an empty workloadSelector applies to all workloads');
  }
  validateExportTo(spec.field('exportTo'), namespace, {
    hasSelector: selector.isSet,
  });
}
