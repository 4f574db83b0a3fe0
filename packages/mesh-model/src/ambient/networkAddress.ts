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

import type { NetworkAddress } from '../membership';
import { parseIpBlock, type IpBlock } from '../authorization/ipBlock';

function groupsOf(octets: readonly number[]): number[] {
  const groups: number[] = [];
  for (let index = 0; index < octets.length; index += 2) {
    groups.push((octets[index] ?? 0) * 256 + (octets[index + 1] ?? 0));
  }
  return groups;
}

/** The longest run of zero groups, at least two of them: what `::` stands for. */
function longestZeroRun(groups: readonly number[]): {
  start: number;
  length: number;
} {
  let best = { start: -1, length: 1 };
  let start = -1;
  for (const [index, group] of [...groups, 1].entries()) {
    if (group === 0 && start < 0) {
      start = index;
    } else if (group !== 0 && start >= 0) {
      if (index - start > best.length) {
        best = { start, length: index - start };
      }
      start = -1;
    }
  }
  return best;
}

/** Writes an address in its canonical form: dotted IPv4, or the shortest lower-case IPv6. */
function formatIpAddress(octets: readonly number[]): string {
  if (octets.length === 4) {
    return octets.join('.');
  }
  const groups = groupsOf(octets);
  const hex = (part: readonly number[]) =>
    part.map(group => group.toString(16)).join(':');
  const { start, length } = longestZeroRun(groups);
  return start < 0
    ? hex(groups)
    : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function masked({ octets, prefixLength }: IpBlock): number[] {
  return octets.map((octet, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    return octet - (octet % 2 ** (8 - bits));
  });
}

/** An address (canonical), or `undefined` when the text is not one. */
export function canonicalIpAddress(text: string): string | undefined {
  const block = text.includes('/') ? undefined : parseIpBlock(text);
  return block && formatIpAddress(block.octets);
}

/**
 * An address or range within a network; a range is cut to its first address, a range of one is an address. `undefined` when
 * the text is neither.
 */
export function networkAddressOf(
  text: string,
  network: string,
): NetworkAddress | undefined {
  const block = parseIpBlock(text);
  if (block === undefined) {
    return undefined;
  }
  const { octets, prefixLength } = block;
  return {
    network,
    address: formatIpAddress(masked(block)),
    ...(prefixLength < octets.length * 8 && { length: prefixLength }),
  };
}
