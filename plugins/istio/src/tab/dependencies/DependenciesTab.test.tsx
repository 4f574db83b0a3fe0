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
import type { DependenciesView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  backendClient as api,
  sceneResponse,
  viewUrl,
} from '../../__testUtils__/backendScenes';
import { expectAccessible } from '../../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../../__testUtils__/renderWithFixtures';
import { EntityIstioDependenciesCard } from '../../cards';
import { unannotatedEntity } from '../../testing/entities';
import {
  calmDependencies,
  envelope,
  manyDependencies,
  unknownDependencies,
} from '../../testing/fixtures';
import { DependenciesTab } from './DependenciesTab';

// The rules of axe take their time on a busy machine.
jest.setTimeout(30_000);

const VIEW = viewUrl('dependencies');

function Page() {
  return (
    <main>
      <h1>reviews</h1>
      <DependenciesTab />
    </main>
  );
}

function Overview() {
  return (
    <main>
      <h1>reviews</h1>
      <h2>Overview</h2>
      <EntityIstioDependenciesCard />
    </main>
  );
}

function rowOf(name: RegExp): HTMLElement {
  const header = screen.getByRole('rowheader', { name });
  const row = header.closest('tr');
  if (!row) {
    throw new Error(`${name} is in no row`);
  }
  return row;
}

describe('Mesh dependencies', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  function answers(view: DependenciesView) {
    server.use(http.get(VIEW, () => HttpResponse.json(envelope(view))));
  }

  function answersWithScene(title: string) {
    server.use(http.get(VIEW, () => sceneResponse(title, 'dependencies')));
  }

  describe('states', () => {
    const SAYS: Record<string, string | RegExp> = {
      Calm: 'No request from or to a neighbour failed',
      Broken: /22 % of its requests to bookinfo\/ratings fail/,
      Idle: /Its neighbours’ proxies report, and nothing was sent/,
      'Never seen': /No proxy reported any request or connection/,
      Partial: /Cluster west cannot be reached/,
      Stale: /Stale: 8 min old/,
      'No Prometheus': /No Prometheus is configured/,
      Unannotated: 'This entity does not say which services it is',
      'No match': 'No service or workload matches this entity',
      'Invalid annotation': 'An annotation of this entity is not valid',
      Forbidden: /istio.entity.read/,
      Failed: /The back end failed \(503\)/,
      Offline: /The portal’s back end does not answer/,
    };

    it.each(Object.entries(SAYS))('%s, in the tab', async (title, words) => {
      answersWithScene(title);
      const { container } = await renderWithFixtures(<Page />, { api });
      const [found] = await screen.findAllByText(words);
      expect(found).toBeVisible();
      await expectAccessible(container);
    });

    it.each(Object.entries(SAYS))('%s, on the card', async (title, words) => {
      answersWithScene(title);
      const { container } = await renderWithFixtures(<Overview />, { api });
      const [found] = await screen.findAllByText(words);
      expect(found).toBeVisible();
      await expectAccessible(container);
    });

    it('loading', async () => {
      server.use(http.get(VIEW, () => new Promise<Response>(() => {})));
      await renderWithFixtures(<Page />, { api });
      expect(
        await screen.findByLabelText('Loading Dependencies'),
      ).toBeVisible();
    });

    it('metrics are missing: unknown, with the reason, and no zeros', async () => {
      const reason =
        'Callers could not be read: prometheus: the query took too long';
      answers(unknownDependencies(reason));
      await renderWithFixtures(<Page />, { api });
      const [verdict, catalog] = await screen.findAllByText(new RegExp(reason));
      expect(verdict).toBeVisible();
      expect(catalog).toBeVisible();
      expect(screen.getByText('The catalog is not compared')).toBeVisible();
      expect(screen.queryByRole('table')).not.toBeInTheDocument();
    });

    it('an entity without annotation is told what to write', async () => {
      server.use(
        http.get(viewUrl('dependencies', 'brochure'), () =>
          sceneResponse('Unannotated', 'dependencies'),
        ),
      );
      await renderWithFixtures(<Page />, { api, entity: unannotatedEntity });
      expect(
        await screen.findByText(/backstage.io\/istio-services/),
      ).toBeVisible();
    });
  });

  describe('picture and table', () => {
    it('say the same: names, entities, rates, errors', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      const picture = await screen.findByRole('figure', {
        name: 'Who calls reviews, and what reviews calls',
      });
      const callers = within(picture).getByRole('list', { name: 'Callers' });
      expect(within(callers).getAllByRole('listitem')).toHaveLength(6);
      const [failing] = within(callers).getAllByRole('listitem');
      expect(failing).toHaveTextContent(
        'Failing: analytics/review-miner8/s · 5 % errors · mTLS 100 %',
      );
      expect(
        within(callers).getByRole('link', { name: /review-miner/ }),
      ).toHaveAttribute('href', '/catalog/default/component/review-miner');
      const table = screen.getByRole('table', {
        name: 'Callers and dependencies, rates of the last 1h',
      });
      expect(picture).toHaveAttribute(
        'aria-describedby',
        'mesh-dependencies-table',
      );
      expect(table.closest('#mesh-dependencies-table')).not.toBeNull();
      const row = rowOf(/review-miner/);
      expect(row).toHaveTextContent('Failing: 5 %');
      expect(row).toHaveTextContent('across clusters: west to east, 8/s');
      expect(row).toHaveTextContent('owner insights');
      expect(row).toHaveTextContent('not declared');
    });

    it('name every kind of neighbour as what it is', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      await screen.findByRole('figure');
      expect(
        rowOf(/gateway istio-system\/istio-ingressgateway/),
      ).toHaveTextContent('unknown');
      expect(rowOf(/Outside the mesh or without identity/)).toHaveTextContent(
        '0 %',
      );
      expect(rowOf(/unknown external/)).toHaveTextContent(
        'not in the registry',
      );
      expect(rowOf(/reviews-db/)).toHaveTextContent(
        'request bytes 9 kB/s, response bytes 61 kB/s',
      );
      expect(rowOf(/batch/)).toHaveTextContent('gone: last seen');
    });

    it('keep what is configured and what was observed apart', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      await screen.findByRole('figure');
      const row = within(rowOf(/bookinfo\/ratings/));
      expect(row.getByText('refused: transports do not fit')).toBeVisible();
      expect(
        row.getByText('503 UO: circuit breaker open or overflow, 1/s'),
      ).toBeVisible();
      expect(
        row.getByText('1/s of it never arrived: only the caller saw it'),
      ).toBeVisible();
    });

    it('tell a caller that is refused, with what the configuration says', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      await screen.findByRole('figure');
      const row = within(rowOf(/analytics\/reports/));
      expect(row.getByText('100 % refused with 403')).toBeVisible();
      expect(row.getByText(/encrypted, denied by policy/)).toBeVisible();
      expect(
        row.getByRole('button', {
          name: 'Why? No rule of an ALLOW policy lets it in.',
        }),
      ).toBeVisible();
    });

    it('say unknown, and why, where the encrypted share cannot be known', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      await screen.findByRole('figure');
      const remarks = screen.getByRole('list', {
        name: 'Remarks about mutual TLS',
      });
      expect(remarks).toHaveTextContent('Only the caller reports');
      expect(within(remarks).getAllByRole('listitem')).toHaveLength(1);
    });

    it('collapse many neighbours; the table is complete', async () => {
      answers(manyDependencies);
      const { container } = await renderWithFixtures(<Page />, { api });
      const picture = within(await screen.findByRole('figure'));
      expect(picture.getAllByRole('listitem')).toHaveLength(12);
      expect(
        picture.getByRole('link', { name: 'and 18 more in the table' }),
      ).toHaveAttribute('href', '#mesh-dependencies-table');
      expect(picture.getByText('It was seen to call nothing')).toBeVisible();
      expect(
        within(screen.getByRole('table')).getAllByRole('row'),
      ).toHaveLength(31);
      expect(
        screen.getByText('3 more with less traffic are not listed.'),
      ).toBeVisible();
      await expectAccessible(container);
    });

    it('claims nothing of a side that could not be asked', async () => {
      const [caller] = calmDependencies.edges;
      answers({
        ...calmDependencies,
        edges: [caller],
        unknownDirections: ['outbound'],
      });
      await renderWithFixtures(<Page />, { api });
      const picture = within(await screen.findByRole('figure'));
      expect(picture.getByText('What it calls is not known')).toBeVisible();
    });

    it('neighbours are reached with the keyboard', async () => {
      answers(calmDependencies);
      await renderWithFixtures(<Page />, { api });
      const picture = within(await screen.findByRole('figure'));
      const caller = picture.getByRole('link', { name: /productpage/ });
      await userEvent.click(screen.getByRole('combobox', { name: 'Window' }));
      await userEvent.tab();
      expect(caller).toHaveFocus();
    });
  });

  describe('the catalog against the traffic', () => {
    it('lists what differs with the lines to add and to remove', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Page />, { api });
      expect(
        await screen.findByRole('region', {
          name: 'To declare it, add to the file of component:default/reviews',
        }),
      ).toHaveTextContent('spec: dependsOn: - component:default/reviews-db');
      expect(
        screen.getByRole('region', {
          name: 'To declare it, add to the file of component:default/review-miner',
        }),
      ).toHaveTextContent('- component:default/reviews');
      expect(
        screen.getByRole('region', {
          name: 'If it is no longer used, remove from the file of component:default/reviews',
        }),
      ).toHaveTextContent('- component:details');
      expect(
        screen.getByRole('list', { name: 'Declared, but no traffic observed' }),
      ).toHaveTextContent('No traffic was observed in the last 1h');
      expect(
        screen.getByRole('list', { name: 'Declared, and cannot be observed' }),
      ).toHaveTextContent('no annotation says which services it is');
    });

    it('says that there is no difference', async () => {
      answers(calmDependencies);
      await renderWithFixtures(<Page />, { api });
      expect(
        await screen.findByText(/^No difference: dependsOn/),
      ).toBeVisible();
    });

    it('is counted on the card', async () => {
      answersWithScene('Broken');
      await renderWithFixtures(<Overview />, { api });
      expect(
        await screen.findByText(
          '6 callers, 3 dependencies in the last 1h; 3 differences to dependsOn in the catalog',
        ),
      ).toBeVisible();
      expect(
        screen.getByRole('link', { name: 'Details of the dependencies' }),
      ).toHaveAttribute(
        'href',
        '/catalog/default/component/reviews/mesh-dependencies',
      );
    });
  });

  it('asks for another window, which the address keeps', async () => {
    const asked: Array<string | null> = [];
    server.use(
      http.get(VIEW, ({ request }) => {
        const window = new URL(request.url).searchParams.get('window');
        asked.push(window);
        return HttpResponse.json(
          envelope({ ...calmDependencies, window: window ?? '' }),
        );
      }),
    );
    await renderWithFixtures(<Page />, { api });
    await screen.findByRole('table', { name: /last 1h/ });
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Window' }),
      'last 7 days',
    );
    expect(await screen.findByRole('table', { name: /last 7d/ })).toBeVisible();
    await waitFor(() => expect(asked).toEqual(['1h', '7d']));
  });

  it('opens with the window of the address, and with an hour where that is none', async () => {
    answers(calmDependencies);
    await renderWithFixtures(<Page />, { api, path: '/?window=6h' });
    expect(await screen.findByRole('combobox', { name: 'Window' })).toHaveValue(
      '6h',
    );
  });
});
