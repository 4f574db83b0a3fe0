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
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { getJson } from './support/kubectl';
import {
  card,
  CARD_TITLES,
  launchBrowser,
  newPage,
  numberAfter,
  openService,
  textOf,
} from './support/portal';
import { askedAbout, promtoolValue } from './support/prometheus';

const REVIEWS =
  'reporter="destination",destination_service_namespace="bookinfo",destination_service_name="reviews"';

/** Equal but for rounding to three digits and the seconds between the two questions. */
function assertClose(actual: number, expected: number, what: string): void {
  const tolerance = Math.max(Math.abs(expected) * 0.05, 0.02);
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: the page says ${actual}, the source says ${expected}`,
  );
}

describe('a page that nobody opened for a while', () => {
  it('asks Prometheus at most four times', async () => {
    const browser = await launchBrowser();
    try {
      const page = await newPage(browser);
      const asked = await askedAbout('orders', () =>
        openService(page, 'orders'),
      );
      assert.ok(asked.length > 0 && asked.length <= 4, asked.join('\n'));
    } finally {
      await browser.close();
    }
  });
});

describe('the page of reviews', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    await openService(page, 'reviews');
  });
  after(() => browser.close());

  it('shows the summary and the four cards', async () => {
    for (const title of CARD_TITLES) {
      assert.equal(await card(page, title).count(), 1, title);
    }
  });

  it('says the rate, the errors and the latency that promtool says', async () => {
    const text = await textOf(card(page, 'Golden signals'));
    const rate = promtoolValue(
      `sum(rate(istio_requests_total{${REVIEWS}}[1h]))`,
    );
    assertClose(numberAfter(text, 'Requests'), rate, 'requests per second');
    assertClose(
      numberAfter(text, '5xx'),
      (100 *
        promtoolValue(
          `sum(rate(istio_requests_total{${REVIEWS},response_code=~"5.."}[1h]))`,
        )) /
        rate,
      'share of 5xx in per cent',
    );
    assertClose(
      numberAfter(text, 'Latency p95'),
      promtoolValue(
        `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${REVIEWS}}[1h])))`,
      ),
      'p95 in milliseconds',
    );
  });

  it('says the encrypted share that promtool says', async () => {
    const all = promtoolValue(
      `sum(rate(istio_requests_total{${REVIEWS}}[1h]))`,
    );
    const encrypted = promtoolValue(
      `sum(rate(istio_requests_total{${REVIEWS},connection_security_policy="mutual_tls"}[1h]))`,
    );
    const text = await textOf(card(page, 'mTLS'));
    const share = text.match(/>?(\d+(?:\.\d+)?) %/);
    assert.ok(share, `no share in: ${text}`);
    assertClose(Number(share[1]), (100 * encrypted) / all, 'encrypted share');
  });

  it('says the weights and the ready pods that kubectl says', async () => {
    interface Destination {
      destination: { subset?: string };
      weight?: number;
    }
    const virtualService = getJson<{
      spec: { http: Array<{ route?: Destination[] }> };
    }>(['virtualservice', 'reviews', '-n', 'bookinfo']);
    const pods = getJson<{
      items: Array<{
        metadata: { labels: Record<string, string> };
        status: { conditions?: Array<{ type: string; status: string }> };
      }>;
    }>(['pods', '-n', 'bookinfo', '-l', 'app=reviews']);
    const ready = (version: string) =>
      pods.items.filter(
        pod =>
          pod.metadata.labels.version === version &&
          pod.status.conditions?.some(
            condition =>
              condition.type === 'Ready' && condition.status === 'True',
          ),
      ).length;
    const weighted = virtualService.spec.http
      .flatMap(rule => rule.route ?? [])
      .filter(route => (route.weight ?? 0) > 0);
    assert.ok(weighted.length > 0, 'the demo splits the traffic of reviews');
    const text = await textOf(card(page, 'Routes'));
    for (const { destination, weight } of weighted) {
      const subset = destination.subset ?? '';
      assert.match(text, new RegExp(`${weight} % configured`));
      const from = text.indexOf(`subset ${subset}`);
      assert.ok(from >= 0, `subset ${subset} in: ${text}`);
      assert.match(
        text.slice(from),
        new RegExp(`^subset ${subset} · ${ready(subset)} `),
        `ready pods of ${subset}`,
      );
    }
  });

  it('names the callers that promtool names', async () => {
    const text = await textOf(card(page, 'Authorization'));
    assert.match(text, /productpage/);
  });

  it('tells which object decided, one key press away', async () => {
    const mtls = card(page, 'mTLS');
    const button = mtls.getByRole('button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    const popover = page.getByRole('dialog').or(page.getByRole('presentation'));
    await popover.first().waitFor();
    assert.match(await textOf(popover.first()), /\w+\/\w+/);
    await page.keyboard.press('Escape');
    await popover.first().waitFor({ state: 'hidden' });
  });

  it('has the same in full in the tab', async () => {
    await card(page, 'Routes')
      .getByRole('link', { name: /Details/ })
      .click();
    await page.waitForURL(/service-mesh/);
    await page.getByText('reviews.bookinfo').first().waitFor();
    const text = await textOf(page.locator('main').first());
    for (const title of ['mTLS', 'Routes', 'Authorization', 'Golden signals']) {
      assert.ok(text.includes(title), `${title} in the tab`);
    }
  });
});
