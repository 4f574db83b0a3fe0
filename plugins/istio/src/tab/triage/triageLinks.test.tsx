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

import { configApiRef } from '@backstage/core-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { screen } from '@testing-library/react';
import { brokenTriageService } from '../../testing/fixtures';
import { TriageServiceAnswer } from './TriageServiceAnswer';

async function renderWithLinks(links: { title: string; url: string }[]) {
  await renderInTestApp(
    <TestApiProvider
      apis={[[configApiRef, mockApis.config({ data: { istio: { links } } })]]}
    >
      <TriageServiceAnswer service={brokenTriageService} />
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

describe('links of triage', () => {
  it('lead to the span that begins before the trouble, and to the version that fails', async () => {
    await renderWithLinks([
      {
        title: 'Logs',
        url: 'https://logs.example.com/?app={{service}}&version={{version}}&from={{fromSeconds}}',
      },
    ]);
    const began = Date.UTC(2026, 10, 20, 9, 18) / 1000;
    expect(screen.getByRole('link', { name: /Logs/ })).toHaveAttribute(
      'href',
      `https://logs.example.com/?app=reviews&version=v3&from=${began - 900}`,
    );
  });

  it('lead from a query to Prometheus, at its time', async () => {
    await renderWithLinks([
      {
        title: 'Prometheus',
        url: 'https://prometheus.example.com/graph?g0.expr={{query}}&g0.end_input={{toIso}}',
      },
    ]);
    expect(
      screen.getByRole('link', { name: /Prometheus/ }).getAttribute('href'),
    ).toMatch(
      /^https:\/\/prometheus\.example\.com\/graph\?g0\.expr=sum%20by.*g0\.end_input=2026-11-20T10%3A00%3A00\.000Z$/,
    );
  });
});
