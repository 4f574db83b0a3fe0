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

import { mockApis } from '@backstage/test-utils';
import { reviewsService } from '../testing/fixtures';
import { fillLink, isQueryLink, readLinkTemplates } from './linkTemplates';

function configWith(url: string) {
  return mockApis.config({
    data: { istio: { links: [{ title: 'Grafana', url }] } },
  });
}

describe('links', () => {
  it('are none without configuration', () => {
    expect(readLinkTemplates(mockApis.config({ data: {} }))).toEqual([]);
  });

  it('fill cluster, namespace and service, escaped', () => {
    const [link] = readLinkTemplates(
      configWith(
        'https://grafana.example.com/d/x?var-service={{service}}.{{ namespace }}&c={{cluster}}',
      ),
    );
    expect(
      fillLink(link, { service: { ...reviewsService, cluster: 'a&b' } }),
    ).toBe(
      'https://grafana.example.com/d/x?var-service=reviews.bookinfo&c=a%26b',
    );
  });

  it('fill the span to look at in the unit that a tool wants', () => {
    const [link] = readLinkTemplates(
      configWith('/x?{{from}}-{{to}}-{{fromSeconds}}-{{fromMicros}}-{{toIso}}'),
    );
    const url = fillLink(link, {
      service: reviewsService,
      from: 1_700_000_000,
      to: 1_700_000_060,
    });
    expect(url).toBe(
      '/x?1700000000000-1700000060000-1700000000-1700000000000000-2023-11-14T22%3A14%3A20.000Z',
    );
  });

  it('are left out where they name something that is not known', () => {
    const [link] = readLinkTemplates(configWith('/graph?g0.expr={{query}}'));
    expect(isQueryLink(link)).toBe(true);
    expect(fillLink(link, { service: reviewsService })).toBeUndefined();
    expect(
      fillLink(link, { service: reviewsService, query: 'sum(x{a="b"})' }),
    ).toBe('/graph?g0.expr=sum(x%7Ba%3D%22b%22%7D)');
  });

  it.each(['data:text/html,hello', '//elsewhere.example.com', 'grafana'])(
    'refuse the address %s and name the key',
    url => {
      expect(() => readLinkTemplates(configWith(url))).toThrow(
        'istio.links[0].url must begin with',
      );
    },
  );

  it('refuse a placeholder that is not known', () => {
    expect(() =>
      readLinkTemplates(configWith('https://x.example.com/{{pod}}')),
    ).toThrow('istio.links[0].url names {{pod}}');
  });
});
