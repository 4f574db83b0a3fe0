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

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { responseError } from '../testing/errors';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import {
  envelope,
  meshOf,
  meshService,
  syncedCluster,
} from '../testing/fixtures';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { MeshPageContent } from './MeshPageContent';

function Address() {
  return <output aria-label="address">{useLocation().search}</output>;
}

function page() {
  return (
    <main>
      <h1>Mesh</h1>
      <MeshPageContent />
      <Address />
    </main>
  );
}

function shownNames(): string[] {
  return screen
    .getAllByRole('rowheader')
    .map(cell => cell.textContent?.split(/east|west/)[0] ?? '');
}

const three = [
  meshService(5, { requestsPerSecond: 10 }),
  meshService(2, { requestsPerSecond: 300, owner: 'group:default/payments' }),
  meshService(3, { requestsPerSecond: undefined }),
];

const mesh = envelope({ services: three, total: 3, truncated: false });

describe('Mesh page', () => {
  // jsdom measures nothing: give the scrolling element the size of a screen, and each row that of a row.
  beforeEach(() => {
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(640);
    jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1024);
    jest
      .spyOn(HTMLElement.prototype, 'offsetHeight', 'get')
      .mockReturnValue(64);
  });
  afterEach(() => jest.restoreAllMocks());

  it('lists services in the order of the back end, worst first', async () => {
    const { container } = await renderWithFixtures(page(), {
      answers: { mesh },
    });
    expect(
      await screen.findByText(
        '3 of 3 services; of all: 1 with a problem, 1 not known',
      ),
    ).toBeVisible();
    expect(shownNames()).toEqual([
      'team-5/service-5',
      'team-2/service-2',
      'team-3/service-3',
    ]);
    expect(
      screen.getByRole('link', { name: 'team-2/service-2' }),
    ).toHaveAttribute('href', '/catalog/default/component/service-2');
    await expectAccessible(container);
  });

  it('shows how fast the budget of a service burns, and where its target is a default', async () => {
    const slo = {
      state: 'page' as const,
      origin: 'default' as const,
      target: 99.5,
      burn: 4.2,
      window: '1h',
      reason: 'The error budget burns 4.2× as fast as allowed',
    };
    await renderWithFixtures(page(), {
      answers: {
        mesh: envelope({
          services: [meshService(5, { slo })],
          total: 1,
          truncated: false,
        }),
      },
    });
    expect(await screen.findByTitle(slo.reason)).toHaveTextContent(
      'burn 4.2×99.5 % by default',
    );
  });

  it('draws only the rows in sight of five thousand', async () => {
    await renderWithFixtures(page(), {
      answers: { mesh: envelope(meshOf(5_000)) },
    });
    const table = await screen.findByRole('table', {
      name: 'Services of the mesh',
    });
    expect(table).toHaveAttribute('aria-rowcount', '5001');
    const rows = within(table).getAllByRole('rowheader').length;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(60);
  });

  it('sorts by a column and back, unknown numbers last, and keeps it in the address', async () => {
    await renderWithFixtures(page(), { answers: { mesh } });
    const requests = await screen.findByRole('button', { name: /Requests/ });
    await userEvent.click(requests);
    expect(shownNames()).toEqual([
      'team-2/service-2',
      'team-5/service-5',
      'team-3/service-3',
    ]);
    expect(
      screen.getByRole('columnheader', { name: /Requests/ }),
    ).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(screen.getByRole('button', { name: /Requests/ }));
    expect(shownNames()).toEqual([
      'team-5/service-5',
      'team-2/service-2',
      'team-3/service-3',
    ]);
    expect(screen.getByLabelText('address')).toHaveTextContent('?sort=-rate');
  });

  it('filters from the address and writes filters back', async () => {
    await renderWithFixtures(page(), {
      answers: { mesh },
      path: '/?owner=group%3Adefault%2Fpayments',
    });
    await screen.findByRole('table', { name: 'Services of the mesh' });
    expect(shownNames()).toEqual(['team-2/service-2']);
    await userEvent.selectOptions(screen.getByLabelText('Owner'), 'All');
    await userEvent.type(screen.getByLabelText('Search'), 'service-3');
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        '?q=service-3',
      ),
    );
    expect(shownNames()).toEqual(['team-3/service-3']);
  });

  it('offers all services again when none fits', async () => {
    await renderWithFixtures(page(), {
      answers: { mesh },
      path: '/?q=nothing',
    });
    expect(
      await screen.findByText('No service fits these filters.'),
    ).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all services' }),
    );
    expect(shownNames()).toHaveLength(3);
  });

  it('names the permission that is missing', async () => {
    await renderWithFixtures(page(), {
      answers: { mesh: await responseError(403, 'NotAllowedError', 'no') },
    });
    expect(await screen.findByText('istio.mesh.read')).toBeVisible();
  });

  it('says what to do when the back end fails', async () => {
    await renderWithFixtures(page(), {
      answers: {
        mesh: await responseError(503, 'ServiceUnavailableError', 'starting'),
      },
    });
    expect(await screen.findByText('The back end failed (503)')).toBeVisible();
    expect(screen.getByText('Message: starting')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  it('says which cluster is missing from the list', async () => {
    const west: ClusterStatus = {
      ...syncedCluster,
      name: 'west',
      state: 'unauthorized',
      message: 'The token is not accepted.',
    };
    await renderWithFixtures(page(), {
      answers: { mesh: { ...mesh, clusters: [syncedCluster, west] } },
    });
    expect(
      await screen.findByText('Cluster west refuses the portal’s credentials'),
    ).toBeVisible();
  });

  it('says so when there is no service at all', async () => {
    await renderWithFixtures(page(), {
      answers: { mesh: envelope(meshOf(0)) },
    });
    expect(
      await screen.findByText(/No cluster has a service yet/),
    ).toBeVisible();
  });
});
