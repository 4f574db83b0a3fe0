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

import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { applied } from './support/kubectl';
import {
  card,
  launchBrowser,
  newPage,
  openService,
  untilSays,
} from './support/portal';

const FIVE_SECONDS = 5_000;

const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: e2e-strict, namespace: bookinfo }
spec:
  selector: { matchLabels: { app: reviews } }
  mtls: { mode: STRICT }
`;
const DISABLE = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: bookinfo }
spec:
  host: reviews
  trafficPolicy: { tls: { mode: DISABLE } }
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
    - { name: v3, labels: { version: v3 } }
`;
const EMPTY_SUBSET = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: bookinfo }
spec:
  host: reviews
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
    - { name: v3, labels: { version: v3-of-yesterday } }
`;
const DENY_ALL = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: e2e-deny-all, namespace: bookinfo }
spec: { action: DENY, rules: [{}] }
`;

describe('breaking the mesh with kubectl', () => {
  let browser: Browser;
  let page: Page;
  const undo: Array<() => void> = [];

  const breakWith = (yaml: string) => {
    undo.push(applied(yaml));
  };
  const repair = () => {
    for (const step of undo.splice(0).reverse()) {
      step();
    }
  };

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    await openService(page, 'reviews');
  });
  after(async () => {
    repair();
    await browser.close();
  });

  it('STRICT over DISABLE: the mTLS card fails within 5 s and names both objects', async () => {
    breakWith(STRICT);
    breakWith(DISABLE);
    const mtls = card(page, 'mTLS');
    await untilSays(mtls, /STRICT/, FIVE_SECONDS);
    await untilSays(mtls, /e2e-strict/, FIVE_SECONDS);
    await untilSays(mtls, /plain\s?text/i, FIVE_SECONDS);
    await untilSays(card(page, 'Service mesh'), /mTLS: problem/i, FIVE_SECONDS);
    repair();
    await untilSays(mtls, /^(?!.*e2e-strict)/, FIVE_SECONDS);
  });

  it('a subset that selects nothing: the Routes card fails within 5 s and names it', async () => {
    breakWith(EMPTY_SUBSET);
    const routes = card(page, 'Routes');
    await untilSays(routes, /subset v3 · 0 /, FIVE_SECONDS);
    await untilSays(
      card(page, 'Service mesh'),
      /Routes: problem/i,
      FIVE_SECONDS,
    );
    repair();
    await untilSays(routes, /^(?!.*subset v3 · 0 )/, FIVE_SECONDS);
  });

  it('a deny-all: the Authorization card fails within 5 s and names it', async () => {
    breakWith(DENY_ALL);
    const authorization = card(page, 'Authorization');
    await untilSays(authorization, /e2e-deny-all/, FIVE_SECONDS);
    await untilSays(
      card(page, 'Service mesh'),
      /Authorization: problem/i,
      FIVE_SECONDS,
    );
    repair();
    await untilSays(authorization, /^(?!.*e2e-deny-all)/, FIVE_SECONDS);
  });
});
