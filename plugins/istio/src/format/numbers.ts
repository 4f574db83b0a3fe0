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

/** What stands where a number is not known. Never zero. */
export const NO_NUMBER = '–';

function rounded(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100) {
    return value.toFixed(0);
  }
  return magnitude >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Drops zeros that say nothing: `2.00` becomes `2`, `100` stays. */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `12.3`, `0.05`, `1,234`; small but not zero is `<0.01`. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) {
    return NO_NUMBER;
  }
  if (value !== 0 && Math.abs(value) < 0.005) {
    return '<0.01';
  }
  return Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString('en-US')
    : trimmed(rounded(value));
}

/** Events per second: `12.3/s`. */
export function formatRate(perSecond: number | undefined): string {
  const text = formatNumber(perSecond);
  return text === NO_NUMBER ? text : `${text}/s`;
}

/** Connections opened, per second: `0.4 connections/s`. */
export function formatConnections(perSecond: number): string {
  return `${formatNumber(perSecond)} connections/s`;
}

/** A share from 0 to 1 in per cent: `4.2 %`, `<0.01 %`; not quite all is never `100 %`. */
export function formatShare(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) {
    return NO_NUMBER;
  }
  if (share > 0.9999 && share < 1) {
    return '>99.99 %';
  }
  return `${formatNumber(share * 100)} %`;
}

/** Milliseconds with the unit a person would choose: `120 ms`, `1.5 s`. */
export function formatMilliseconds(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) {
    return NO_NUMBER;
  }
  return ms >= 1_000
    ? `${trimmed((ms / 1_000).toFixed(2))} s`
    : `${trimmed(rounded(ms))} ms`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes per second in decimal units: `1.5 MB/s`. */
export function formatByteRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined || !Number.isFinite(bytesPerSecond)) {
    return NO_NUMBER;
  }
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1_000 && unit < BYTE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${formatNumber(value)} ${BYTE_UNITS[unit]}/s`;
}
