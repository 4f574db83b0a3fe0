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

/** Percent with the digits a target needs: `99.9 %`, `99.95 %`. */
export function targetInWords(percent: number): string {
  return `${Number(percent.toFixed(6))} %`;
}

/** A burn rate: `41.9×`, `0.8×`. */
export function burnInWords(burn: number): string {
  if (burn === 0) return '0×';
  if (burn < 0.1) return 'under 0.1×';
  return `${burn >= 100 ? Math.round(burn) : Number(burn.toPrecision(3))}×`;
}

/** A share of a budget in whole percent: `62 %`; overspent budgets as `-120 %`. */
export function budgetInWords(left: number): string {
  const percent = left * 100;
  if (percent > 99 && percent < 100) return '99 %';
  if (percent > 0 && percent < 1) return 'under 1 %';
  return `${Math.round(percent)} %`;
}

/** A span of time, coarse: `9 hours`, `12 days`, `40 minutes`. */
export function spanInWords(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [unit, size] of units) {
    const count = Math.round(seconds / size);
    if (seconds >= size * (unit === 'day' ? 2 : 1)) {
      return `${count} ${unit}${count === 1 ? '' : 's'}`;
    }
  }
  return 'less than a minute';
}
