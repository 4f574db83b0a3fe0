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
import type { MyServicesView } from '@mesh-portal/backstage-plugin-istio-common';
import { BACKEND, backendClient } from '../../__testUtils__/backendScenes';
import { expectAccessible } from '../../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../../__testUtils__/renderWithFixtures';
import {
  brokenMine,
  emptyMine,
  envelope,
  syncedCluster,
} from '../../testing/fixtures';
import { MyServicesContent } from './MyServicesContent';

const MINE = `${BACKEND}/v1/mine/services`;

function Page() {
  return (
    <main>
      <h1>My services</h1>
      <h2>Worst first</h2>
      <MyServicesContent />
    </main>
  );
}

describe('My services', () => {
  const server = setupServer();
  registerMswTestHooks(server);
  let asked: string[];

  beforeEach(() => {
    asked = [];
  });

  function answers(view: MyServicesView, overrides = {}) {
    server.use(
      http.get(MINE, ({ request }) => {
        const { search, searchParams } = new URL(request.url);
        asked.push(search);
        const latency = searchParams.get('latency') === 'true';
        return HttpResponse.json(
          envelope(
            latency
              ? {
                  ...view,
                  latency: 'included',
                  services: view.services.map(row => ({ ...row, p95: 120 })),
                }
              : view,
            overrides,
          ),
        );
      }),
    );
  }

  function render(path?: string) {
    return renderWithFixtures(<Page />, { api: backendClient, path });
  }

  it('lists services worst first, with change, objective and a way to their triage', async () => {
    answers(brokenMine);
    const { container } = await render();
    const table = await screen.findByRole('table', {
      name: 'My services, worst first',
    });
    const [, first, second, third] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(
      'Problem: 3.0 % of requests fail, 0.1 % an hour ago',
    );
    expect(first).toHaveTextContent('3 %0.1 % an hour ago');
    expect(first).toHaveTextContent('burn 21×99.9 %');
    expect(second).toHaveTextContent('Unknown: Too little traffic to tell');
    expect(third).toHaveTextContent('burn 0.2×99.5 % by default');
    expect(
      within(first).getByRole('link', { name: 'Triage of reviews' }),
    ).toHaveAttribute('href', '/catalog/default/component/reviews/triage');
    expect(
      screen.getByText('3 services, 1 with a problem, 1 not known'),
    ).toBeVisible();
    await expectAccessible(container);
  });

  it('asks for errors first and for latency after them', async () => {
    answers(brokenMine);
    await render();
    expect((await screen.findAllByText('120 ms'))[0]).toBeVisible();
    expect(asked).toEqual(['', '?latency=true']);
  });

  it('says which entities have no service, and why', async () => {
    answers(brokenMine);
    await render();
    expect(
      await screen.findByText('1 entity of yours without a service'),
    ).toBeVisible();
    expect(
      screen.getByText(/no service bookinfo\/archive in cluster east/),
    ).toBeVisible();
  });

  it('filters by owner, in the address too', async () => {
    answers(brokenMine);
    const user = userEvent.setup();
    await render();
    await user.selectOptions(
      await screen.findByLabelText('Owner'),
      'group:default/books',
    );
    await waitFor(() =>
      expect(asked).toContain('?group=group%3Adefault%2Fbooks'),
    );
  });

  it('with nothing owned says what owning means, and asks for no latency', async () => {
    answers(emptyMine);
    const { container } = await render();
    expect(
      await screen.findByText(
        /You own no component that the mesh can be asked/,
      ),
    ).toHaveTextContent('user:default/guest');
    expect(asked).toEqual(['']);
    await expectAccessible(container);
  });

  it('says what is partial', async () => {
    answers(brokenMine, {
      clusters: [
        { ...syncedCluster, name: 'west', state: 'unreachable', message: 'x' },
      ],
      observed: {
        state: 'partial',
        window: '5m',
        at: '2026-11-20T10:00:00Z',
        partial: ['Latency: too much at once'],
      },
    });
    await render();
    expect(
      await screen.findByText('Cluster west cannot be reached'),
    ).toBeVisible();
    expect(screen.getByText(/too much at once/)).toBeVisible();
  });

  it('says that more exist than are listed', async () => {
    answers({ ...brokenMine, truncated: true, total: 240 });
    await render();
    expect(
      await screen.findByText('Not all services are listed'),
    ).toBeVisible();
  });

  it('loading', async () => {
    server.use(http.get(MINE, () => new Promise<never>(() => {})));
    await render();
    expect(await screen.findByLabelText('Loading your services')).toBeVisible();
  });

  it.each([
    [503, /The back end failed \(503\)/],
    [403, /sign in as one|refus|not allowed|403/i],
  ])('failed with %d', async (status, words) => {
    server.use(
      http.get(MINE, () =>
        HttpResponse.json(
          {
            error: {
              name: 'Error',
              message: 'Only users own services: sign in as one',
            },
          },
          { status },
        ),
      ),
    );
    const { container } = await render();
    expect((await screen.findAllByText(words))[0]).toBeVisible();
    await expectAccessible(container);
  });
});
