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

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures as render } from '../__testUtils__/renderWithFixtures';
import { CardBoundary } from '../components';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import {
  brokenBindings,
  calmBindings,
  calmClusters,
  calmOverview,
  envelope,
  twoClusters,
} from '../testing/fixtures';
import { scenes } from '../testing/scenes';
import { BindingsSection } from './BindingsSection';
import { ClustersSection, useConcernsClusters } from './ClustersSection';
import { RefusedSection, useConcernsRefused } from './RefusedSection';

const LONG = 'a-name-that-nobody-would-choose-'.repeat(8);

function Page(props: { children: ReactElement }) {
  return (
    <main>
      <h1>reviews</h1>
      <h2>Service mesh</h2>
      {props.children}
    </main>
  );
}

/** Sections stand inside the boundary of the tab. */
function renderWithFixtures(
  section: ReactElement,
  options: Parameters<typeof render>[1],
) {
  return render(<CardBoundary>{section}</CardBoundary>, options);
}

/** The answers of a scene, of a portal that reads two clusters. */
function answersOf(title: string) {
  const scene = scenes.find(candidate => candidate.title === title);
  if (!scene) {
    throw new Error(`There is no scene “${title}”`);
  }
  return {
    ...scene.answers,
    overview: envelope(calmOverview, { clusters: twoClusters }),
  };
}

async function shown(
  section: ReactElement,
  answers: ReturnType<typeof answersOf>,
  says: string,
) {
  const { container } = await renderWithFixtures(<Page>{section}</Page>, {
    answers,
  });
  const [found] = await screen.findAllByText(says, { exact: false });
  return { container, found };
}

describe('the section Clusters', () => {
  it.each([
    ['Calm', 'For callers in east, reviews has 3 ready endpoints in east'],
    ['Broken', 'The Services of east and west differ'],
    ['Empty', 'No service of this entity is in several clusters'],
    ['Partial', 'Cluster west cannot be reached'],
    ['Stale', 'Stale: 8 min old, the cluster does not answer'],
    ['Unannotated', 'This entity does not say which services it is'],
    ['No match', 'No service or workload matches this entity'],
    ['Forbidden', 'istio.entity.read'],
    ['Failed', 'The back end failed (503)'],
    ['Offline', 'The portal’s back end does not answer'],
  ])('%s: says so, and axe finds no fault', async (title, says) => {
    const { container, found } = await shown(
      <ClustersSection />,
      answersOf(title),
      says,
    );
    expect(found).toBeVisible();
    await expectAccessible(container);
  });

  it('loads with a skeleton that is named', async () => {
    await renderWithFixtures(<ClustersSection />, {
      answers: { ...answersOf('Calm'), clusters: 'pending' },
    });
    expect(
      screen.getByRole('status', { name: 'Loading Clusters' }),
    ).toBeVisible();
  });

  it('is never green, and shows each cluster with the way there and the order of use', async () => {
    const { container } = await renderWithFixtures(
      <Page>
        <ClustersSection />
      </Page>,
      { answers: answersOf('Calm') },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show details of Clusters' }),
    );
    expect(
      screen.getByText(/which cannot be seen$/, { exact: false }).closest('p'),
    ).toHaveTextContent(/^Unknown: /);
    const [own, other] = ['east (the caller’s)', 'west'].map(name =>
      screen.getByRole('heading', { name }).closest('div'),
    );
    expect(own).toHaveTextContent(/Endpoints3 of 4 ready.*Networkn-east/);
    expect(own).toHaveTextContent(
      /Order of use1\. eu-west-1\/a: 2 ready2\. eu-west-1\/b: 1 ready$/,
    );
    expect(other).toHaveTextContent(/reached through 203\.0\.113\.7:15443/);
    expect(other).toHaveTextContent(/Order of use3\. us-east-1\/a: 2 ready$/);
    await userEvent.click(
      screen.getByRole('button', { name: /^Why\? In network n-west/ }),
    );
    expect(
      await screen.findByText('Service istio-system/istio-eastwestgateway'),
    ).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expectAccessible(container);
  });

  it('names what differs, what cannot be seen, and a caller whose place is not known', async () => {
    await renderWithFixtures(<ClustersSection />, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByRole('heading', { name: 'Where the Services differ' }),
    ).toBeVisible();
    expect(
      screen.getByRole('heading', { name: 'What cannot be seen' }),
    ).toBeVisible();
    expect(screen.getByText(/^Where the caller runs: /)).toBeVisible();
    expect(
      screen.getByText('place not known: 2 ready, 100 % of requests'),
    ).toBeVisible();
  });

  it('asks again for another caller', async () => {
    const api = new FixtureIstioApi(answersOf('Broken'));
    const ask = jest.spyOn(api, 'getEntityView');
    await renderWithFixtures(<ClustersSection />, { api });
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'As called by' }),
      'productpage-v1',
    );
    expect(ask).toHaveBeenCalledWith(
      'clusters',
      expect.anything(),
      expect.objectContaining({ client: 'bookinfo/Deployment/productpage-v1' }),
    );
  });

  it('stands long names', async () => {
    const [service] = calmClusters.services;
    const { container, found } = await shown(
      <ClustersSection />,
      {
        ...answersOf('Calm'),
        clusters: envelope({
          services: [
            {
              ...service,
              clusters: [{ ...service.clusters[0], cluster: LONG }],
              verdict: { ...service.verdict, reason: LONG },
            },
          ],
        }),
      },
      LONG,
    );
    expect(found).toBeVisible();
    await expectAccessible(container);
  });
});

function Concerned() {
  const clusters = useConcernsClusters();
  const refused = useConcernsRefused();
  return <div>{`clusters: ${clusters}, refused: ${refused}`}</div>;
}

describe('sections that most services do not need', () => {
  it('are wanted where there is something to say', async () => {
    await renderWithFixtures(<Concerned />, { answers: answersOf('Broken') });
    expect(
      await screen.findByText('clusters: true, refused: true'),
    ).toBeVisible();
  });

  it('are not wanted otherwise; a portal with one cluster does not even ask', async () => {
    const api = new FixtureIstioApi({
      ...answersOf('Calm'),
      overview: envelope(calmOverview),
    });
    const ask = jest.spyOn(api, 'getEntityView');
    await renderWithFixtures(<Concerned />, { api });
    await waitFor(() =>
      expect(ask.mock.calls.map(([view]) => view).sort()).toEqual([
        'bindings',
        'overview',
      ]),
    );
    expect(screen.getByText('clusters: false, refused: false')).toBeVisible();
  });
});

describe('the section Objects that istiod would refuse', () => {
  it.each([
    ['Broken', 'istiod would refuse VirtualService bookinfo/reviews-canary'],
    ['Partial', 'Cluster west cannot be reached'],
    ['Stale', 'Stale: 8 min old, the cluster does not answer'],
    ['Forbidden', 'istio.entity.read'],
    ['Failed', 'The back end failed (503)'],
    ['Offline', 'The portal’s back end does not answer'],
  ])('%s: says so, and axe finds no fault', async (title, says) => {
    const { container, found } = await shown(
      <RefusedSection />,
      answersOf(title),
      says,
    );
    expect(found).toBeVisible();
    await expectAccessible(container);
  });

  it('names each object, whether it acts, and the fields with what is wrong', async () => {
    await renderWithFixtures(<RefusedSection />, {
      answers: answersOf('Broken'),
    });
    const rule = (
      await screen.findByRole('heading', {
        name: 'DestinationRule bookinfo/reviews (acts all the same)',
      })
    ).closest('div');
    expect(rule).toHaveTextContent(
      'spec.trafficPolicy.outlierDetection.baseEjectionTimemust be at least 1ms',
    );
    expect(
      screen.getByRole('heading', {
        name: 'VirtualService bookinfo/reviews-canary (does not act)',
      }),
    ).toBeVisible();
    expect(
      screen.getByText(/until then every change of the object is refused/),
    ).toBeVisible();
  });

  it('stands long messages', async () => {
    const [refused] = brokenBindings.refused;
    const { container, found } = await shown(
      <RefusedSection />,
      {
        ...answersOf('Broken'),
        bindings: envelope({
          ...calmBindings,
          refused: [
            {
              ...refused,
              verdict: { ...refused.verdict, reason: LONG },
              objects: [
                {
                  ...refused.objects[0],
                  refusals: [{ path: LONG, message: LONG }],
                },
              ],
            },
          ],
        }),
      },
      LONG,
    );
    expect(found).toBeVisible();
    await expectAccessible(container);
  });
});

describe('an object that acts and that istiod would refuse', () => {
  it('is told as such where it is shown, with the field', async () => {
    const [workload] = brokenBindings.workloads;
    const [acting] = workload.objects;
    await renderWithFixtures(<BindingsSection />, {
      answers: {
        bindings: envelope({
          ...brokenBindings,
          workloads: [
            {
              ...workload,
              objects: [
                {
                  ...acting,
                  provenance: {
                    ...acting.provenance,
                    refusals: [{ path: 'spec.phase', message: 'not a phase' }],
                  },
                },
              ],
            },
          ],
        }),
      },
    });
    const list = await screen.findByRole('list', {
      name: 'Objects that act on reviews-v1',
    });
    expect(list).toHaveTextContent(
      'istiod would refuse this object todayspec.phasenot a phase',
    );
  });
});
