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

import { registerMswTestHooks } from '@backstage/frontend-test-utils';
import { render, screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import App from './App';

const GUEST_SESSION = 'http://localhost:7007/api/auth/guest/refresh';
const PATIENCE = { timeout: 20_000 };

function jwt(claims: object): string {
  const part = (value: object) => btoa(JSON.stringify(value));
  return `${part({ alg: 'none' })}.${part(claims)}.signature`;
}

describe('App', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  beforeAll(() => {
    Object.assign(window, {
      __APP_CONFIG__: {
        app: { title: 'Mesh Portal', baseUrl: 'http://localhost:3000' },
        backend: { baseUrl: 'http://localhost:7007' },
      },
    });
  });

  it('signs the visitor in as guest without a click and shows its navigation', async () => {
    server.use(
      http.get(GUEST_SESSION, () =>
        HttpResponse.json({
          profile: { displayName: 'Guest' },
          backstageIdentity: {
            token: jwt({ exp: Date.now() / 1000 + 3600 }),
            identity: {
              type: 'user',
              userEntityRef: 'user:default/guest',
              ownershipEntityRefs: ['user:default/guest'],
            },
          },
        }),
      ),
    );
    render(App.createRoot());
    expect(
      await screen.findByLabelText('Mesh Portal: home', {}, PATIENCE),
    ).toBeInTheDocument();
  }, 30_000);
});
