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

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  answered,
  card,
  launchBrowser,
  newPage,
  open,
  openService,
  textOf,
  untilSays,
} from './support/portal';
import { setPrometheus } from './support/prometheus';

const CACHE_AND_POLL = 90_000;

describe('what is wrong is said, with what to do', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    await setPrometheus({ mode: 'forward' });
    await page.context().close();
  });

  it('an entity that does not exist', async () => {
    page = await newPage(browser);
    await open(page, '/catalog/default/component/no-such-entity');
    await page
      .getByText(/not found|no entity/i)
      .first()
      .waitFor();
  });

  it('an entity without annotations: the tab shows what to write', async () => {
    page = await newPage(browser);
    await open(page, '/catalog/default/component/style-guide/service-mesh');
    await page
      .getByText('This entity does not say which services it is')
      .first()
      .waitFor();
    assert.match(
      await textOf(page.locator('main').first()),
      /backstage\.io\/kubernetes-id/,
    );
  });

  it('an annotation that cannot be read: the card quotes it', async () => {
    page = await newPage(browser);
    await open(page, '/catalog/default/component/newsletter');
    await untilSays(
      card(page, 'mTLS'),
      /An annotation of this entity is not valid/,
      20_000,
    );
  });

  it('an annotation that matches nothing: the card says what to correct', async () => {
    page = await newPage(browser);
    await open(page, '/catalog/default/component/gift-cards');
    await untilSays(
      card(page, 'mTLS'),
      /No service or workload matches this entity.*backstage\.io\/istio-services/,
      20_000,
    );
  });

  it('Prometheus is down: configuration stays, numbers are not invented', async () => {
    await setPrometheus({ mode: 'down' });
    page = await newPage(browser);
    await open(page, '/catalog/default/component/details');
    await untilSays(
      await answered(page, 'Golden signals'),
      /Prometheus does not answer|unknown/i,
      CACHE_AND_POLL,
    );
    assert.match(await textOf(await answered(page, 'mTLS')), /Port 9080/);
    assert.doesNotMatch(await textOf(card(page, 'Golden signals')), /\d\/s/);
  });

  it('Prometheus answers a sign-in page: the card says that it is HTML', async () => {
    await setPrometheus({ mode: 'html' });
    page = await newPage(browser);
    await open(page, '/catalog/default/component/ratings');
    await untilSays(
      await answered(page, 'Golden signals'),
      /HTML|not JSON|text\/html/i,
      CACHE_AND_POLL,
    );
  });

  it('the page recovers by itself when Prometheus does', async () => {
    await setPrometheus({ mode: 'down' });
    page = await newPage(browser);
    await open(page, '/catalog/default/component/productpage');
    const signals = await answered(page, 'Golden signals');
    await untilSays(signals, /Prometheus does not answer|unknown/i, 20_000);
    await setPrometheus({ mode: 'forward' });
    await untilSays(signals, /Requests \d/, CACHE_AND_POLL);
  });

  it('the back end is away: the card says so and tries again on request', async () => {
    page = await newPage(browser);
    await page.route(/\/api\/istio\//, route => route.abort());
    await open(page, '/catalog/default/component/reviews');
    await untilSays(card(page, 'mTLS'), /back end does not answer/, 40_000);
    await page.unroute(/\/api\/istio\//);
    await card(page, 'mTLS').getByRole('button', { name: 'Try again' }).click();
    await answered(page, 'mTLS');
  });

  it('the permission is missing: the card names it', async () => {
    page = await newPage(browser);
    await page.route(/\/api\/istio\/v1\/entities/, route =>
      route.fulfill({
        status: 403,
        headers: { 'access-control-allow-origin': '*' },
        contentType: 'application/json',
        body: JSON.stringify({
          error: { name: 'NotAllowedError', message: 'denied' },
          response: { statusCode: 403 },
        }),
      }),
    );
    await open(page, '/catalog/default/component/reviews');
    await untilSays(card(page, 'mTLS'), /istio\.entity\.read/, 20_000);
  });

  it('and nothing of this shows where all is well', async () => {
    page = await newPage(browser);
    await openService(page, 'reviews');
    assert.doesNotMatch(
      await textOf(page.locator('main').first()),
      /does not answer|cannot be read/,
    );
  });
});
