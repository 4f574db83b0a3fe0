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

import {
  CHECKOUT,
  describeWithGoldenSignals,
  END,
  startEmbeddedGoldenSignals,
  startGoldenSignals,
} from '../../__testUtils__/goldenSignals';
import { askApi, expectSameRows } from '../../__testUtils__/prometheusApi';
import type { RealPrometheus } from '../../__testUtils__/RealPrometheus';
import { catalogueExpressions, longExpressions } from './expressions';

const SERVICES = [
  CHECKOUT,
  ...['wishlist', 'legacy', 'ghost', 'ledger', 'catalog', 'pricing'].map(
    name => ({ namespace: 'shop', name }),
  ),
  { namespace: 'data', name: 'postgres' },
];
const SAMPLE = {
  services: SERVICES,
  callers: [{ namespace: 'shop', name: 'web' }],
  pods: ['checkout-v1-abc', 'vault-1', 'web-xyz'].map(name => ({
    namespace: 'shop',
    name,
  })),
};
const HOSTILE = [
  '"} or vector(1) or x{a="',
  '\\',
  '\\"',
  '.*',
  'checkout|clean',
  'checkout\n',
  '`',
  '{}',
  '(?i)CHECKOUT',
  "') or vector(1",
].map(name => ({ namespace: name, name }));

function expressionsAbout(sample: typeof SAMPLE): Record<string, string> {
  return { ...catalogueExpressions(sample), ...longExpressions(sample) };
}

/** Answers about the whole source do not depend on the names. */
const WHOLE_SOURCE = /^(mesh-|source-)/;

describeWithGoldenSignals('every expression on the fixture', () => {
  let real: RealPrometheus;
  let embedded: RealPrometheus;
  const expressions = expressionsAbout(SAMPLE);

  beforeAll(async () => {
    embedded = await startEmbeddedGoldenSignals();
    real = await startGoldenSignals();
  }, 60_000);

  afterAll(async () => {
    await embedded?.stop();
    await real?.stop();
  });

  it.each(Object.keys(expressions))(
    '%s: the demo mesh answers as a real Prometheus does',
    async name => {
      const found = await expectSameRows(
        { mine: embedded.url, theirs: real.url },
        'query',
        { query: expressions[name], time: String(END) },
      );
      expect(found.size).toBeGreaterThan(0);
    },
  );

  const hostile = expressionsAbout({
    services: HOSTILE,
    callers: HOSTILE,
    pods: HOSTILE,
  });

  it.each(Object.keys(hostile).filter(name => !WHOLE_SOURCE.test(name)))(
    '%s: hostile names give no rows and no error',
    async name => {
      const rows = await askApi(real.url, 'query', {
        query: hostile[name],
        time: String(END),
      });
      expect(rows).toEqual([]);
    },
  );
});
