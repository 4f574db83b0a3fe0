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

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import { unannotatedEntity } from '../testing/entities';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { scenes } from '../testing/scenes';
import { ServiceMeshTab } from './ServiceMeshTab';

function answersOf(title: string) {
  const scene = scenes.find(candidate => candidate.title === title);
  if (!scene) {
    throw new Error(`There is no scene “${title}”`);
  }
  return scene.answers;
}

function Tab() {
  return (
    <main>
      <h1>reviews</h1>
      <ServiceMeshTab />
    </main>
  );
}

// The whole tab is rendered and searched by role, which takes its time.
jest.setTimeout(30_000);

describe('Service mesh tab', () => {
  // jsdom has no layout, so the charts have no size to draw into.
  beforeAll(() => {
    class ResizeObserverWithoutLayout implements ResizeObserver {
      observe() {}
      unobserve() {}
      disconnect() {}
    }
    window.ResizeObserver = ResizeObserverWithoutLayout;
  });

  it('shows all subjects in full', async () => {
    const { container } = await renderWithFixtures(<Tab />, {
      answers: answersOf('Broken'),
    });
    for (const title of [
      'Service mesh',
      'Golden signals',
      'mTLS',
      'Routes',
      'Authorization',
      'Where does a request go?',
      'Reachable from outside',
      'Resilience',
      'External services',
      'Ambient and waypoint',
      'What else acts here',
      'Objects that do not act',
    ]) {
      expect(
        await screen.findByRole('heading', { name: title, level: 3 }),
      ).toBeVisible();
    }
    const workloads = within(
      await screen.findByRole('table', { name: 'Workloads and their proxies' }),
    );
    expect(
      workloads.getByText('no proxy (labels ask for sidecar)'),
    ).toBeVisible();
    expect(
      screen.getByText('VirtualService bookinfo/reviews spec.http[0]'),
    ).toBeVisible();
    expect(
      screen.getByText(
        'Usual causes: a subset that selects no pod; all pods ejected',
      ),
    ).toBeVisible();
    expect(
      screen.getByRole('table', { name: 'What clients send to port 9080' }),
    ).toBeVisible();
    await expectAccessible(container);
  });

  it('shows the charts as tables when asked to', async () => {
    await renderWithFixtures(<Tab />, { answers: answersOf('Calm') });
    const toggle = await screen.findByRole('button', {
      name: 'Show charts as tables',
    });
    expect(toggle).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(toggle);
    const latency = within(
      screen.getByRole('table', { name: 'Latency, milliseconds' }),
    );
    expect(
      latency.getAllByRole('columnheader').map(cell => cell.textContent),
    ).toEqual(['Time', 'p50', 'p90', 'p95', 'p99', 'p95, hour before']);
    expect(latency.getAllByRole('row')).toHaveLength(62);
  });

  it('asks for the routes as another client sees them', async () => {
    const api = new FixtureIstioApi(answersOf('Calm'));
    await renderWithFixtures(<Tab />, { api });
    const select = await screen.findByRole('combobox', { name: 'As seen by' });
    await userEvent.selectOptions(select, 'istio-ingressgateway (gateway)');
    expect(api.clients).toEqual([
      undefined,
      'istio-system/Deployment/istio-ingressgateway',
    ]);
    await userEvent.click(
      screen.getByRole('button', { name: 'Default client' }),
    );
    expect(
      screen.queryByRole('button', { name: 'Default client' }),
    ).not.toBeInTheDocument();
  });

  it('says once which annotation is missing', async () => {
    await renderWithFixtures(<Tab />, {
      answers: answersOf('Unannotated'),
      entity: unannotatedEntity,
    });
    expect(
      await screen.findByText('This entity does not say which services it is'),
    ).toBeVisible();
    expect(
      await screen.findByText(
        /backstage.io\/istio-services: my-namespace\/brochure/,
      ),
    ).toBeVisible();
    expect(
      screen.queryByRole('heading', { name: 'mTLS' }),
    ).not.toBeInTheDocument();
  });
});
