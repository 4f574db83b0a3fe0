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

import { ConfigReader } from '@backstage/config';
import { readSloDefaults } from './sloConfig';

function read(slo: object) {
  return readSloDefaults(
    new ConfigReader({ slo: JSON.parse(JSON.stringify(slo)) }),
  );
}

describe('istio.slo', () => {
  it('is not needed', () => {
    expect(readSloDefaults(undefined).default.availability).toBe(99.5);
  });

  it('gives objectives by tier and lifecycle, targets also as numbers', () => {
    const defaults = read({
      tierLabel: 'acme.com/tier',
      byTier: { gold: { availability: 99.95, period: '28d' } },
      byLifecycle: { production: { latency: '99% < 500ms' } },
      default: { availability: '99', view: 'client' },
    });
    expect(defaults.tierLabel).toBe('acme.com/tier');
    expect(defaults.byTier.get('gold')).toMatchObject({
      availability: 99.95,
      periodDays: 28,
    });
    expect(defaults.byLifecycle.get('production')?.latency).toEqual({
      target: 99,
      thresholdMs: 500,
    });
    expect(defaults.default).toMatchObject({
      availability: 99,
      view: 'client',
    });
  });

  it.each([
    [
      { default: { availability: 100 } },
      "Invalid configuration: 'istio.slo.default.availability': the target 100 is out of range. Write a number from 50 to 99.999",
    ],
    [
      { byTier: { gold: { target: 99 } } },
      "Invalid configuration: 'istio.slo.byTier.gold.target' is not known; known are availability, latency, period, view, exclude",
    ],
  ])('refuses %j', (slo, words) => {
    expect(() => read(slo)).toThrow(words);
  });
});
