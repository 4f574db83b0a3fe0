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
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import {
  burningSlo,
  calmSignals,
  calmSlo,
  envelope,
  invalidSlo,
  quietSlo,
} from '../testing/fixtures';
import { CardBoundary } from '../components';
import { EntityIstioSignalsCard } from '../cards';
import { SignalsSection } from '../tab/SignalsSection';
import { SloCell, SloDetails, SloLines } from '.';
import { budgetWords, formatTarget } from './sloWords';

describe('objectives on a card', () => {
  it('say the target, the burn and what is left', async () => {
    await renderWithFixtures(<SloLines slo={calmSlo} />);
    expect(screen.getByRole('group', { name: 'Objectives' })).toHaveTextContent(
      'SLO: 99.9 % of requests succeed, within budgetBurn 0.8× in the last hour. Budget of 30d: 62 % left.',
    );
  });

  it('say where a target is a default, and which part of the period is covered', async () => {
    await renderWithFixtures(<SloLines slo={burningSlo} />);
    const lines = screen.getByRole('group', { name: 'Objectives' });
    expect(lines).toHaveTextContent(
      '(default target of lifecycle production), burning fast',
    );
    expect(lines).toHaveTextContent(
      '38 % left, of the 8 d there are numbers for; spent in 7 h at this rate',
    );
  });

  it('with too little traffic make no claim', async () => {
    await renderWithFixtures(<SloLines slo={quietSlo} />);
    expect(screen.getByRole('group', { name: 'Objectives' })).toHaveTextContent(
      'too little traffic',
    );
  });

  it('that cannot be read say what to write', async () => {
    await renderWithFixtures(<SloLines slo={invalidSlo} />);
    expect(screen.getByText('The objective cannot be read')).toBeVisible();
    expect(screen.getByText(/Write a number from 50 to 99.999/)).toBeVisible();
  });
});

describe('the signals card and its section', () => {
  const signals = envelope({
    ...calmSignals,
    services: calmSignals.services.map(service => ({
      ...service,
      slo: burningSlo,
    })),
  });

  it('show the objectives of the service', async () => {
    await renderWithFixtures(<EntityIstioSignalsCard />, {
      answers: { signals },
    });
    expect(
      await screen.findByRole('group', { name: 'Objectives' }),
    ).toHaveTextContent('burning fast');
    expect(screen.getByRole('link', { name: /triage$/ })).toHaveAttribute(
      'href',
      '/catalog/default/component/reviews/triage',
    );
  });

  it('show them in full in the tab', async () => {
    await renderWithFixtures(
      <CardBoundary>
        <SignalsSection />
      </CardBoundary>,
      { answers: { signals } },
    );
    expect(
      await screen.findByRole('table', {
        name: 'Burn of 99.9 % of requests succeed',
      }),
    ).toBeVisible();
  });
});

describe('objectives in full', () => {
  it.each([calmSlo, burningSlo, quietSlo, invalidSlo])(
    '$state, $origin: under a heading, and axe finds no fault',
    async slo => {
      const { container } = await renderWithFixtures(
        <main>
          <h1>reviews</h1>
          <h2>Tab</h2>
          <h3>Golden signals</h3>
          <SloDetails slo={slo} />
        </main>,
      );
      expect(
        screen.getByRole('heading', { name: 'Objectives (SLO)' }),
      ).toBeVisible();
      await expectAccessible(container);
    },
  );

  it('show every window and condition', async () => {
    await renderWithFixtures(<SloDetails slo={burningSlo} />);
    const windows = screen.getByRole('table', {
      name: 'Burn of 99.9 % of requests succeed',
    });
    expect(within(windows).getAllByRole('row')).toHaveLength(6);
    const conditions = screen.getByRole('table', {
      name: 'When 99.9 % of requests succeed burns too fast',
    });
    expect(
      within(conditions)
        .getAllByRole('row')
        .slice(1)
        .map(row => row.textContent),
    ).toEqual([
      '1h and 5m14.4×burns too fast',
      '6h and 30m6×burns too fast',
      '3d and 6h1×no',
    ]);
  });
});

describe('an objective in a list', () => {
  it('is a dash where none is known', async () => {
    const { container } = await renderWithFixtures(<SloCell slo={undefined} />);
    expect(container).toHaveTextContent('–');
  });

  it('says its state where there is no burn', async () => {
    const { container } = await renderWithFixtures(
      <SloCell
        slo={{
          state: 'too-little-traffic',
          origin: 'default',
          target: 99.5,
          reason: 'x',
        }}
      />,
    );
    expect(container).toHaveTextContent('too little traffic99.5 % by default');
  });
});

describe('words', () => {
  it('a target keeps its digits', () => {
    expect(formatTarget(99.95)).toBe('99.95 %');
    expect(formatTarget(99.999)).toBe('99.999 %');
    expect(formatTarget(99)).toBe('99 %');
  });

  it('a budget may be overspent, or nearly', () => {
    const budget = { complete: true, recorded: false };
    expect(budgetWords({ ...budget, left: -1.2 })).toBe('-120 % left');
    expect(budgetWords({ ...budget, left: 0.004 })).toBe('under 1 % left');
    expect(budgetWords({ ...budget, reason: 'too expensive' })).toBe(
      'too expensive',
    );
  });
});
