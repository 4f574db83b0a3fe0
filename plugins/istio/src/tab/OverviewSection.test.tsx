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
import type { OverviewView } from '@mesh-portal/backstage-plugin-istio-common';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { CardBoundary } from '../components';
import {
  brokenOverview,
  calmOverview,
  envelope,
  unknown,
} from '../testing/fixtures';
import { OverviewSection } from './OverviewSection';

function rendered(view: OverviewView) {
  return renderWithFixtures(
    <CardBoundary>
      <main>
        <h1>reviews</h1>
        <h2>Service mesh</h2>
        <OverviewSection />
      </main>
    </CardBoundary>,
    { answers: { overview: envelope(view) } },
  );
}

const WAITING = 'reviews-v2: 1 of 2 pods is not ready.';

describe('pods that deserve a look', () => {
  it('are told in a sentence with what to do, and are one click away', async () => {
    const { container } = await rendered(brokenOverview);
    expect(
      await screen.findByText(
        /reviews-v1: 2 pods run a sidecar of version 1\.25\.4, .* restart the workload/,
      ),
    ).toBeVisible();
    await expectAccessible(container);
    await userEvent.click(
      screen.getByRole('button', { name: `Which pods? ${WAITING}` }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      dialog.getByText('Pod bookinfo/reviews-v2-5c6b7-h4t9w'),
    ).toBeVisible();
    expect(
      dialog.getByText('Not ready: istio-proxy: ImagePullBackOff.'),
    ).toBeVisible();
  });

  it('are marked at their workload, too', async () => {
    await rendered(brokenOverview);
    const table = within(
      await screen.findByRole('table', { name: 'Workloads and their proxies' }),
    );
    const row = (name: string) =>
      within(table.getByRole('row', { name: new RegExp(name) }));
    expect(row('reviews-v2').getByText('Not ready')).toBeVisible();
    await userEvent.click(row('reviews-v1').getByText('Outdated'));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getAllByText(/^Pod bookinfo\/reviews-v1-/)).toHaveLength(2);
    expect(
      dialog.getByText(
        'kubectl rollout restart deployment/reviews-v1 -n bookinfo',
      ),
    ).toBeVisible();
    expect(
      dialog.getByRole('button', { name: 'Copy the command' }),
    ).toBeVisible();
  });

  it('are no subject where all are ready and up to date', async () => {
    await rendered(calmOverview);
    expect(
      await screen.findByRole('table', { name: 'Workloads and their proxies' }),
    ).toBeVisible();
    expect(
      screen.queryByText('Pods that deserve a look'),
    ).not.toBeInTheDocument();
    expect(screen.queryByText('Outdated')).not.toBeInTheDocument();
    expect(screen.queryByText('Not ready')).not.toBeInTheDocument();
  });

  it('a machine that nobody checks is said to be one', async () => {
    const reason =
      'Machine vm-1 gets traffic, but nothing checks its health: its WorkloadGroup has no probe.';
    await rendered({
      ...calmOverview,
      workloads: [{ ...calmOverview.workloads[0], health: unknown(reason) }],
    });
    expect(await screen.findByText(reason)).toBeVisible();
  });

  it('stand long names', async () => {
    const reason = 'a-name-that-nobody-would-choose-'.repeat(8);
    const { container } = await rendered({
      ...calmOverview,
      remarks: [{ ...brokenOverview.remarks[0], reason }],
    });
    expect(await screen.findByText(reason, { exact: false })).toBeVisible();
    await expectAccessible(container);
  });

  it('are not there without workloads', async () => {
    await rendered({ ...calmOverview, workloads: [] });
    expect(
      await screen.findByText(calmOverview.headline, { exact: false }),
    ).toBeVisible();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });
});
