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

import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { PrometheusError } from '../response';

/** Addresses at which clouds tell machines their credentials, and those that are valid only on one link. */
const GUARDED = new BlockList();
GUARDED.addSubnet('169.254.0.0', 16, 'ipv4');
GUARDED.addSubnet('fe80::', 10, 'ipv6');
GUARDED.addAddress('fd00:ec2::254', 'ipv6');
GUARDED.addAddress('100.100.100.200', 'ipv4');
GUARDED.addAddress('168.63.129.16', 'ipv4');

/**
 * Refuses link-local and metadata addresses.
 *
 * @param allowed - addresses that may be asked all the same
 * @throws PrometheusError when the address is guarded
 */
export function checkAddress(
  address: string,
  allowed: readonly string[],
): void {
  const family = isIP(address);
  if (family === 0 || allowed.includes(address)) return;
  if (GUARDED.check(address, family === 4 ? 'ipv4' : 'ipv6')) {
    throw new PrometheusError(
      'forbidden-address',
      `${address} is a link-local or metadata address; to ask it all the same, list it under allowedAddresses`,
    );
  }
}

/** The host of an address as it is connected to: an IPv6 address without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

type LookupCallback = (
  error: Error | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** A resolver of names that hands out no guarded address: a name may not lead where an address may not. */
export function guardedLookup(allowed: readonly string[]) {
  return (
    hostname: string,
    options: LookupOptions,
    callback: LookupCallback,
  ): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      try {
        for (const { address } of addresses) checkAddress(address, allowed);
      } catch (refusal) {
        callback(refusal as Error, []);
        return;
      }
      if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
