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

/** The bits of an IPv4 or IPv6 address, or `undefined` when the text is none. */
function bitsOf(address: string): { value: bigint; width: number } | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const value = address
      .split('.')
      .reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
    return { value, width: 32 };
  }
  if (!/^[0-9a-fA-F:]+$/.test(address) || !address.includes(':')) {
    return undefined;
  }
  const [head, tail, more] = address.split('::');
  if (more !== undefined) {
    return undefined;
  }
  const groups = (text: string | undefined) =>
    text === undefined || text === '' ? [] : text.split(':');
  const before = groups(head);
  const after = groups(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 0) {
    return undefined;
  }
  const all = [
    ...before,
    ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'),
    ...after,
  ];
  return {
    value: all.reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n),
    width: 128,
  };
}

/** Is an address the same as, or inside the CIDR block of, another? */
export function addressWithin(address: string, block: string): boolean {
  const [base, length] = block.split('/', 2);
  const left = bitsOf(address);
  const right = bitsOf(base);
  if (left === undefined || right === undefined || left.width !== right.width) {
    return false;
  }
  const bits = length === undefined ? left.width : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > left.width) {
    return false;
  }
  const shift = BigInt(left.width - bits);
  return left.value >> shift === right.value >> shift;
}

/** Of the blocks that contain an address, the length of the longest prefix; `undefined` when none does. */
export function longestPrefix(
  address: string,
  blocks: readonly string[],
): number | undefined {
  const lengths = blocks
    .filter(block => addressWithin(address, block))
    .map(block => {
      const slash = block.indexOf('/');
      return slash < 0 ? 128 : Number(block.slice(slash + 1));
    });
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}
