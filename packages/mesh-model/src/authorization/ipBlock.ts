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

/** An IPv4 or IPv6 network. */
export interface IpBlock {
  /** 4 or 16 octets */
  octets: readonly number[];
  prefixLength: number;
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) {
    return undefined;
  }
  const octets: number[] = [];
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) {
      return undefined;
    }
    octets.push(Number(part));
  }
  return octets;
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') {
    return [];
  }
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (group.includes('.') && index === groups.length - 1) {
      const ipv4 = parseIpv4(group);
      if (!ipv4) {
        return undefined;
      }
      octets.push(...ipv4);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const number = parseInt(group, 16);
      octets.push(Math.floor(number / 256), number % 256);
    } else {
      return undefined;
    }
  }
  return octets;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) {
    return undefined;
  }
  const head = parseGroups(halves[0] ?? '');
  const tail = parseGroups(halves[1] ?? '');
  if (!head || !tail) {
    return undefined;
  }
  if (halves.length === 1) {
    return head.length === 16 ? head : undefined;
  }
  const missing = 16 - head.length - tail.length;
  return missing < 2
    ? undefined
    : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** Octets of an IPv4 or IPv6 address; `undefined` when the text is not one. */
export function parseIpAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Reads an address (`10.0.0.1`, a block of one) or a CIDR (`10.0.0.0/8`); `undefined` when it is neither. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const octets = parseIpAddress(address);
  if (!octets || rest.length > 0) {
    return undefined;
  }
  const bits = octets.length * 8;
  if (length === undefined) {
    return { octets, prefixLength: bits };
  }
  return /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= bits
    ? { octets, prefixLength: Number(length) }
    : undefined;
}

/** Does the block hold the address? An IPv4 block never holds an IPv6 address. */
export function ipBlockHolds(
  block: IpBlock,
  address: readonly number[],
): boolean {
  if (block.octets.length !== address.length) {
    return false;
  }
  let bits = block.prefixLength;
  for (const [index, octet] of block.octets.entries()) {
    if (bits <= 0) {
      return true;
    }
    const shift = Math.max(0, 8 - bits);
    if (octet >> shift !== (address[index] ?? -1) >> shift) {
      return false;
    }
    bits -= 8;
  }
  return true;
}
