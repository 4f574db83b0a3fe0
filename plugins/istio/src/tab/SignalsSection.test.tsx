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
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { CardBoundary } from '../components';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import { detailedSignals, envelope } from '../testing/fixtures';
import { SignalsSection } from './SignalsSection';

const OPEN = 'Show the past, retries and what is missing';

function Section() {
  return (
    <main>
      <h1>reviews</h1>
      <h2>Service mesh</h2>
      <CardBoundary>
        <SignalsSection />
      </CardBoundary>
    </main>
  );
}

describe('Golden signals in full', () => {
  beforeAll(() => {
    window.ResizeObserver = class implements ResizeObserver {
      observe() {}
      unobserve() {}
      disconnect() {}
    };
  });

  async function shown() {
    const api = new FixtureIstioApi({ signals: envelope(detailedSignals) });
    const asked = jest.spyOn(api, 'getEntityView');
    const optionsAsked = () => asked.mock.calls.map(([, , options]) => options);
    const rendered = await renderWithFixtures(<Section />, { api });
    await screen.findByRole('button', { name: OPEN });
    return { optionsAsked, ...rendered };
  }

  it('asks for the past only when it is opened', async () => {
    const { optionsAsked, container } = await shown();
    expect(optionsAsked().map(options => options?.details)).toEqual([
      undefined,
    ]);
    await userEvent.click(screen.getByRole('button', { name: OPEN }));
    const past = await screen.findByRole('table', {
      name: 'Numbers of now and of the past',
    });
    expect(optionsAsked().at(-1)).toMatchObject({
      window: '1h',
      details: true,
    });
    const cells = within(past)
      .getAllByRole('row')
      .map(row =>
        [...row.querySelectorAll('th, td')].map(cell => cell.textContent),
      );
    expect(cells[0]).toEqual([
      'Signal',
      'Now',
      'The hour before',
      'A day before',
      'A week before',
    ]);
    expect(cells[1]).toEqual([
      'Requests',
      '12.4/s',
      '12.1/s',
      '9.5/s',
      'no baseline',
    ]);
    expect(screen.getByText(/Nothing was counted in a week ago/)).toBeVisible();
    await expectAccessible(container);
  });

  it('gives the lines to add, to copy, and says what is missing', async () => {
    await shown();
    await userEvent.click(screen.getByRole('button', { name: OPEN }));
    expect(await screen.findByText(/proxy\.istio\.io\/config/)).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Copy the lines to add' }),
    ).toBeVisible();
    expect(screen.getByText(/1\.2 requests for each one/)).toHaveTextContent(
      'callers retry',
    );
    expect(
      screen.getByText(
        'Limits of CPU and memory: This source does not know the limits of containers. Scrape kube-state-metrics.',
      ),
    ).toBeVisible();
  });

  it('asks about another window', async () => {
    const { optionsAsked } = await shown();
    await userEvent.selectOptions(
      screen.getByLabelText('Window'),
      'last 6 hours',
    );
    expect(optionsAsked().at(-1)).toMatchObject({ window: '6h' });
  });
});
