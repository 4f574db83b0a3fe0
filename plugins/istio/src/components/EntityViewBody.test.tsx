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
import type { IstioApi } from '../api';
import { EntityIstioMtlsCard } from '../cards';
import { responseError } from '../testing/errors';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import type { FixtureAnswers } from '../testing/FixtureIstioApi';
import { calmMtls, envelope } from '../testing/fixtures';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';

/** Renders the card with a good answer, then lets the next request fail with a status. */
async function refetchedWith(status: number) {
  const answers: FixtureAnswers = { mtls: envelope(calmMtls) };
  const api: IstioApi = new FixtureIstioApi(answers);
  await renderWithFixtures(<EntityIstioMtlsCard />, {
    api,
    config: { refreshInterval: 1 },
  });
  expect(await screen.findByText(/STRICT on every port/)).toBeVisible();
  answers.mtls = await responseError(status, 'Error', 'no');
}

describe('an answer that cannot be confirmed', () => {
  it('stays and is called stale when the back end fails', async () => {
    await refetchedWith(503);
    expect(
      await screen.findByText(
        /Stale: .* the portal does not answer/,
        undefined,
        {
          timeout: 3_000,
        },
      ),
    ).toBeVisible();
    expect(screen.getByText(/STRICT on every port/)).toBeVisible();
  });

  it('goes when the permission was taken away', async () => {
    await refetchedWith(403);
    expect(
      await screen.findByText('istio.entity.read', undefined, {
        timeout: 3_000,
      }),
    ).toBeVisible();
    expect(screen.queryByText(/STRICT on every port/)).not.toBeInTheDocument();
  });
});

describe('a card that fails itself', () => {
  it('shows an error in its place when the interval is not valid', async () => {
    await renderWithFixtures(<EntityIstioMtlsCard />, {
      answers: { mtls: envelope(calmMtls) },
      config: { refreshInterval: 0 },
    });
    const [message] = await screen.findAllByText(
      /istio.refreshInterval must be a number/,
    );
    expect(message).toBeInTheDocument();
  });
});

describe('dialogs', () => {
  it('open and close with the keyboard and give the focus back', async () => {
    await renderWithFixtures(<EntityIstioMtlsCard />, {
      answers: { mtls: envelope(calmMtls) },
    });
    const why = await screen.findByRole('button', {
      name: 'Why? STRICT on port 9080',
    });
    why.focus();
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByRole('dialog')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(why).toHaveFocus();
  });
});
