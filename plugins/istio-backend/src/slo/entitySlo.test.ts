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

import type { Entity } from '@backstage/catalog-model';
import { entitySlo } from './entitySlo';
import { BUILT_IN_SLO_DEFAULTS, type SloDefaults } from './sloDefaults';

function entity(
  annotations: Record<string, string>,
  more: { lifecycle?: string; labels?: Record<string, string> } = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'checkout', annotations, labels: more.labels },
    ...(more.lifecycle && { spec: { lifecycle: more.lifecycle } }),
  };
}

const SLO = 'backstage.io/istio-slo';

function read(annotations: Record<string, string>) {
  return entitySlo(entity(annotations), BUILT_IN_SLO_DEFAULTS);
}

describe('the objective of an entity', () => {
  it('is read from one annotation with JSON', () => {
    expect(
      read({
        [SLO]:
          '{"availability":"99.9","latency":"99% < 500ms","period":"30d","view":"client","exclude":"403, 429"}',
      }),
    ).toEqual({
      definition: {
        origin: 'annotation',
        originWords: 'annotation backstage.io/istio-slo',
        availability: 99.9,
        latency: { target: 99, thresholdMs: 500 },
        periodDays: 30,
        view: 'client',
        exclude: ['403', '429'],
      },
    });
  });

  it('is read from separate annotations', () => {
    expect(
      read({
        [`${SLO}-availability`]: '99.9',
        [`${SLO}-latency`]: '99<500ms',
        [`${SLO}-period`]: '28d',
      }).definition,
    ).toMatchObject({
      availability: 99.9,
      latency: { target: 99, thresholdMs: 500 },
      periodDays: 28,
      view: 'server',
      exclude: [],
    });
  });

  it.each([
    ['99.9%', 99.9],
    ['50', 50],
    ['99.999', 99.999],
  ])('the target %s is %d', (text, target) => {
    expect(
      read({ [`${SLO}-availability`]: text }).definition?.availability,
    ).toBe(target);
  });

  it.each([
    ['95 % < 2s', { target: 95, thresholdMs: 2000 }],
    ['99.5<3600000ms', { target: 99.5, thresholdMs: 3_600_000 }],
  ])('the latency %s is understood', (text, latency) => {
    expect(read({ [`${SLO}-latency`]: text }).definition?.latency).toEqual(
      latency,
    );
  });

  it('a latency alone is an objective', () => {
    const { definition } = read({ [`${SLO}-latency`]: '99<500ms' });
    expect(definition?.availability).toBeUndefined();
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a target above 99.999',
      { [`${SLO}-availability`]: '99.9999' },
      /^Annotation backstage\.io\/istio-slo-availability: the target 99\.9999 is out of range\. Write a number from 50 to 99\.999$/,
    ],
    [
      'a target below 50',
      { [`${SLO}-availability`]: '49' },
      /Write a number from 50/,
    ],
    [
      'a target that is no number',
      { [`${SLO}-availability`]: 'three nines' },
      /'three nines' is not a target\. Write percent, for example 99\.9/,
    ],
    [
      'a target of latency out of range',
      { [`${SLO}-latency`]: '100 < 500ms' },
      /istio-slo-latency: the target 100 is out of range/,
    ],
    [
      'a threshold above an hour',
      { [`${SLO}-latency`]: '99 < 3601s' },
      /the threshold 3601s is out of range\. Write more than 0 and at most 3600000ms/,
    ],
    [
      'a threshold of nothing',
      { [`${SLO}-latency`]: '99 < 0ms' },
      /out of range/,
    ],
    [
      'a latency without a unit',
      { [`${SLO}-latency`]: '99 < 500' },
      /Write for example 99% < 500ms/,
    ],
    [
      'a period that is none',
      { [`${SLO}-availability`]: '99', [`${SLO}-period`]: '1y' },
      /istio-slo-period: '1y' is not a period\. Write days or weeks/,
    ],
    [
      'a view that is none',
      { [SLO]: '{"availability":"99","view":"both"}' },
      /^Annotation backstage\.io\/istio-slo, view: 'both' is not a view\. Write server or client$/,
    ],
    [
      'a code that is none',
      { [SLO]: '{"availability":"99","exclude":"4xx"}' },
      /exclude: '4xx' is not a response code/,
    ],
    [
      'an unknown key of the JSON',
      { [SLO]: '{"availability":"99","burn":"2"}' },
      /has the unknown key 'burn'; known are availability, latency, period, view, exclude/,
    ],
    [
      'an unknown annotation',
      { [`${SLO}-target`]: '99' },
      /Annotation backstage\.io\/istio-slo-target is not known\. Known are backstage\.io\/istio-slo-availability/,
    ],
    ['JSON that is none', { [SLO]: '99.9' }, /is not a JSON object/],
    [
      'text that is no JSON',
      { [SLO]: '{availability}' },
      /is not JSON\. Write/,
    ],
    [
      'a number in place of a text',
      { [SLO]: '{"availability":99.9}' },
      /does not write availability as a text in quotes/,
    ],
    ['an empty objective', { [SLO]: '{"period":"30d"}' }, /neither/],
    [
      'both ways of writing',
      { [SLO]: '{"availability":"99"}', [`${SLO}-period`]: '30d' },
      /Keep one way of writing/,
    ],
    [
      'an annotation that is too long',
      { [SLO]: `{"availability":"99${' '.repeat(1000)}"}` },
      /longer than 1000 characters/,
    ],
  ])('says what to write instead of %s', (_what, annotations, words) => {
    const { definition, problem } = read(annotations);
    expect(definition).toBeUndefined();
    expect(problem).toMatch(words);
  });
});

describe('the default objective', () => {
  const gold = {
    availability: 99.95,
    periodDays: 30,
    view: 'client' as const,
    exclude: [],
  };
  const lax = {
    availability: 95,
    periodDays: 7,
    view: 'server' as const,
    exclude: [],
  };
  const defaults: SloDefaults = {
    ...BUILT_IN_SLO_DEFAULTS,
    byTier: new Map([['gold', gold]]),
    byLifecycle: new Map([['experimental', lax]]),
  };

  it('is that of the tier, before that of the lifecycle, and says so', () => {
    const subject = entity(
      {},
      { lifecycle: 'experimental', labels: { tier: 'gold' } },
    );
    expect(entitySlo(subject, defaults).definition).toEqual({
      ...gold,
      origin: 'default',
      originWords: 'default target of tier gold',
    });
  });

  it('is that of the lifecycle', () => {
    expect(
      entitySlo(entity({}, { lifecycle: 'experimental' }), defaults).definition,
    ).toMatchObject({
      availability: 95,
      originWords: 'default target of lifecycle experimental',
    });
  });

  it('is that of all where nothing else fits', () => {
    expect(
      entitySlo(entity({}, { lifecycle: 'production' }), defaults).definition,
    ).toMatchObject({
      availability: 99.5,
      origin: 'default',
      originWords: 'default target',
    });
  });
});
