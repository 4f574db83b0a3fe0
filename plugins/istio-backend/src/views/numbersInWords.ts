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

/** A share in words: `12 %`, `0.4 %`; never `0 %` for something that is there. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value >= 10) {
    return `${Math.round(value)} %`;
  }
  return value < 0.1 ? 'under 0.1 %' : `${value.toFixed(1)} %`;
}

/** A rate in words: `12.3/s`. */
export function perSecond(rate: number): string {
  if (rate >= 100) {
    return `${Math.round(rate)}/s`;
  }
  if (rate > 0 && rate < 0.01) {
    return 'under 0.01/s';
  }
  return rate >= 10 ? `${rate.toFixed(1)}/s` : `${rate.toFixed(2)}/s`;
}

/** `1 pod`, `2 pods`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
