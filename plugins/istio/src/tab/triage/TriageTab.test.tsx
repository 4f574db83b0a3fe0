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

import { registerMswTestHooks } from '@backstage/test-utils';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import {
  BACKEND,
  backendClient,
  sceneResponse,
  viewUrl,
} from '../../__testUtils__/backendScenes';
import { expectAccessible } from '../../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../../__testUtils__/renderWithFixtures';
import {
  brokenTriageService,
  calmTriageService,
  envelope,
} from '../../testing/fixtures';
import { TriageTab } from './TriageTab';

const VIEW = viewUrl('triage');

function Page() {
  return (
    <main>
      <h1>reviews</h1>
      <TriageTab />
    </main>
  );
}

describe('Triage', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  function render(config?: Record<string, number>) {
    return renderWithFixtures(<Page />, { api: backendClient, config });
  }

  function answers(service: TriageService, overrides = {}) {
    server.use(
      http.get(VIEW, () =>
        HttpResponse.json(envelope({ services: [service] }, overrides)),
      ),
    );
  }

  describe('states', () => {
    it.each([
      ['Calm', 'Nothing stands out against an hour ago: 32.0/s, 0.1 % fail'],
      ['Broken', /100 % of the extra errors: bookinfo\/productpage-v1/],
      ['Empty', /This entity has no service/],
      ['Partial', 'Cluster west cannot be reached'],
      ['Stale', /8 min old/],
      ['No Prometheus', /Set istio.prometheus in the configuration/],
      ['Unannotated', 'This entity does not say which services it is'],
      ['No match', 'No service or workload matches this entity'],
      ['Invalid annotation', 'An annotation of this entity is not valid'],
      ['Forbidden', /istio.entity.read/],
      ['Failed', /The back end failed \(503\)/],
      ['Offline', /The portal’s back end does not answer/],
    ])('%s', async (title, words) => {
      server.use(http.get(VIEW, () => sceneResponse(title, 'triage')));
      const { container } = await render();
      const [found] = await screen.findAllByText(words);
      expect(found).toBeVisible();
      await expectAccessible(container);
    });

    it('loading', async () => {
      server.use(http.get(VIEW, () => new Promise<never>(() => {})));
      await render();
      expect(await screen.findByLabelText('Loading Triage')).toBeVisible();
    });
  });

  it('asks for triage and for nothing else', async () => {
    const asked: string[] = [];
    server.use(
      http.get(`${BACKEND}/*`, ({ request }) => {
        asked.push(new URL(request.url).pathname);
        return HttpResponse.json(envelope({ services: [calmTriageService] }));
      }),
    );
    await render();
    await screen.findByText(/Nothing stands out/);
    expect(asked).toEqual([new URL(VIEW).pathname]);
  });

  describe('an incident', () => {
    beforeEach(() => answers(brokenTriageService));

    it('says who, where to, what and since when, in the words to read first', async () => {
      await render();
      const headline = await screen.findByRole('status');
      expect(headline).toHaveTextContent(
        'Problem: 100 % of the extra errors: bookinfo/productpage-v1 and analytics/review-miner → reviews v3, 500, answered by the app',
      );
      expect(
        screen.getByText(/^Started about .*, .* ago \(± 1 min\)$/),
      ).toBeVisible();
      expect(
        screen.getByText(
          'Changed then: Deployment bookinfo/reviews-v3, rolled out as ReplicaSet reviews-v3-abc',
        ),
      ).toBeVisible();
    });

    it('shows the numbers of now and of the baseline', async () => {
      await render();
      expect(
        await screen.findByText('32/s, 3 % fail (0.97/s); 0.2/s never arrive'),
      ).toBeVisible();
      expect(screen.getByText('31/s, 0.1 % fail (0.03/s)')).toBeVisible();
    });

    it('lists the cells with the entity of the caller', async () => {
      await render();
      const table = await screen.findByRole('table', {
        name: 'Errors by caller, version and outcome',
      });
      expect(
        within(table)
          .getAllByRole('row')
          .slice(1)
          .map(row =>
            within(row)
              .getAllByRole('cell')
              .map(cell => cell.textContent),
          ),
      ).toEqual([
        ['v3', '500, answered by the app', '0.53/s', '0/s', '+0.53/s', '56 %'],
        [
          'reached none',
          '503, circuit breaker open or overflow (UO)',
          '0.2/s',
          '0.2/s',
          '0/s',
          '–',
        ],
      ]);
      expect(
        within(table).getByRole('link', { name: 'bookinfo/productpage-v1' }),
      ).toHaveAttribute('href', '/catalog/default/component/productpage');
      expect(within(table).getByText('a caller without a proxy')).toBeVisible();
    });

    it('says what was looked at in order, each with its outcome in words', async () => {
      await render();
      const list = await screen.findByRole('list', {
        name: 'What was looked at',
      });
      expect(
        within(list)
          .getAllByRole('listitem')
          .map(item => item.textContent),
      ).toEqual([
        'Never arrivedClear: All that clients send reaches the service',
        'One versionPoints here: 100 % of the extra errors are of v3, which has 14 % of the traffic',
        'One podDoes not apply: The workload that fails has one pod: reviews-v3-abc',
        'SaturationNot known: No container metrics of its pods were found',
        'ConfigurationPoints here: Deployment reviews-v3 was changed in the minute it began',
      ]);
    });

    it('shows what was changed, by whom, and how that is known', async () => {
      await render();
      const list = await screen.findByRole('list', { name: 'Changes' });
      expect(list).toHaveTextContent(
        /Deployment bookinfo\/reviews-v3 \(its workload\)changed at .*, in the minute it started · by argocd-controller · last write recorded in the object/,
      );
      expect(screen.getByText(/are seen by this portal since/)).toBeVisible();
    });

    it('gives the query to copy', async () => {
      const user = userEvent.setup();
      const copied = jest
        .spyOn(window.navigator.clipboard, 'writeText')
        .mockResolvedValue();
      await render();
      await user.click(
        await screen.findByText(/^Errors by caller, version and outcome, now/),
      );
      await user.click(screen.getByRole('button', { name: /^Copy the query/ }));
      expect(await screen.findByText('Copied')).toBeVisible();
      expect(copied).toHaveBeenCalledWith(
        expect.stringContaining('destination_service_name="reviews"'),
      );
    });

    it('shows the errors over time as a table, too', async () => {
      const user = userEvent.setup();
      await render();
      await user.click(
        await screen.findByRole('button', {
          name: 'Show the chart as a table',
        }),
      );
      const table = screen.getByRole('table', {
        name: 'Errors and requests per second',
      });
      expect(within(table).getAllByRole('row')).toHaveLength(62);
    });
  });

  it('without changes says so, and since when deletions are seen', async () => {
    answers(calmTriageService);
    await render();
    expect(
      await screen.findByText(
        'No object that could concern it was changed in the last two hours.',
      ),
    ).toBeVisible();
  });

  it('says which numbers are missing', async () => {
    answers({
      ...calmTriageService,
      state: 'unknown',
      verdict: { state: 'unknown', reason: 'x', facts: [] },
      headline:
        'Nothing stands out in the numbers there are, and some are missing',
      problems: ['What changed: a store did not answer'],
    });
    await render();
    expect(await screen.findByText('Some numbers are missing')).toBeVisible();
    expect(await screen.findByRole('status')).toHaveTextContent('Unknown: ');
  });

  it('names each service where the entity has several', async () => {
    server.use(
      http.get(VIEW, () =>
        HttpResponse.json(
          envelope({
            services: [
              calmTriageService,
              {
                ...calmTriageService,
                service: {
                  ...calmTriageService.service,
                  name: 'admin',
                  host: 'a',
                },
              },
            ],
          }),
        ),
      ),
    );
    await render();
    await waitFor(() =>
      expect(
        screen.getByRole('heading', { name: /bookinfo\/admin in/ }),
      ).toBeVisible(),
    );
  });
});
