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
import { violations } from './support/accessibility';
import { getJson } from './support/kubectl';
import {
  answered,
  launchBrowser,
  newPage,
  open,
  textOf,
} from './support/portal';
import { askedAbout, promtoolValue } from './support/prometheus';

const V3_ERRORS =
  'sum(rate(istio_requests_total{reporter="destination",destination_service_namespace="bookinfo",destination_service_name="reviews",destination_canonical_revision="v3",response_code="500"}[5m]))';

describe('triage of the incident of reviews', () => {
  let browser: Browser;
  let page: Page;
  let asked: string[];
  let text = '';

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    asked = await askedAbout('reviews', async () => {
      await open(page, '/catalog/default/component/reviews/triage');
      await page
        .getByText(/of the extra errors/)
        .first()
        .waitFor();
    });
    text = await textOf(page.locator('.bui-Card').first());
  });
  after(() => browser.close());

  it('asks Prometheus at most twice', () => {
    assert.ok(asked.length > 0 && asked.length <= 2, asked.join('\n'));
  });

  it('says caller, version, code and who answered', () => {
    assert.match(
      text,
      /\d+ % of the extra errors: .*productpage-v1.*→ reviews v3, 500, answered by the app/,
    );
  });

  it('says the errors that promtool says', () => {
    const said = text.match(/([\d.]+)\/s instead of/);
    assert.ok(said, text);
    const errors = promtoolValue(V3_ERRORS);
    assert.ok(
      Math.abs(Number(said[1]) - errors) < Math.max(0.15, errors * 0.2),
      `the page says ${said[1]}, promtool ${errors}`,
    );
  });

  it('names the object that was changed, when its own record says so', async () => {
    const deployment = getJson<{
      metadata: { managedFields: { manager: string; time: string }[] };
    }>(['deployment', 'reviews-v3', '-n', 'bookinfo', '--show-managed-fields']);
    const written = deployment.metadata.managedFields.find(
      ({ manager }) => manager === 'argocd-controller',
    );
    assert.ok(written);
    assert.match(text, /Changed then: Deployment bookinfo\/reviews-v3/);
    assert.match(text, /by argocd-controller/);
    const started = text.match(/Started about (?:\w+ \d+, )?(\d\d):(\d\d)/);
    assert.ok(started, text);
    const at = new Date(written.time);
    const minutes = Number(started[1]) * 60 + Number(started[2]);
    const apart = Math.abs(minutes - (at.getHours() * 60 + at.getMinutes()));
    assert.ok(apart <= 4, `started ${started[0]}, written ${written.time}`);
  });

  it('shows the query behind it', async () => {
    await page.getByText(/^Errors by caller, version and outcome, now/).click();
    assert.match(
      await textOf(page.locator('details[open] code')),
      /^sum by \(source_workload_namespace, source_workload/,
    );
  });

  it('is accessible', async () => {
    assert.deepEqual(await violations(page, '.bui-Card'), []);
  });

  it('is calm on a service that is well', async () => {
    await open(page, '/catalog/default/component/details/triage');
    await page.getByText(/Nothing stands out against/).waitFor();
  });
});

describe('objectives and my services', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
  });
  after(() => browser.close());

  it('the signals card says how fast the budget of reviews burns', async () => {
    await open(page, '/catalog/default/component/reviews');
    const card = await answered(page, 'Golden signals');
    const text = await textOf(card);
    assert.match(text, /SLO: 99\.9 % of requests succeed, burning fast/);
    const burn = text.match(/Burn ([\d.]+)× in the last hour/);
    assert.ok(burn, text);
    const of =
      'reporter="destination",destination_service_namespace="bookinfo",destination_service_name="reviews"';
    const expected =
      promtoolValue(
        `sum(rate(istio_requests_total{${of},response_code=~"5.."}[1h])) / sum(rate(istio_requests_total{${of}}[1h]))`,
      ) / 0.001;
    assert.ok(
      Math.abs(Number(burn[1]) - expected) < expected * 0.05,
      `the card says ${burn[1]}, promtool ${expected}`,
    );
  });

  it('my services lists those of the guest’s groups, reviews first', async () => {
    await open(page, '/my-services');
    const table = page.getByRole('table', { name: 'My services, worst first' });
    await table.waitFor();
    const rows = await table.locator('tbody tr').allInnerTexts();
    assert.equal(rows.length, 4);
    assert.match(rows[0], /reviews/);
    assert.match(rows[0], /Problem/);
    assert.deepEqual(
      await violations(page, '[aria-label="My services, worst first"]'),
      [],
    );
    await page.getByRole('link', { name: 'Triage of reviews' }).click();
    await page
      .getByText(/of the extra errors/)
      .first()
      .waitFor();
  });
});
