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
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { getJson, kubectl } from './support/kubectl';
import { launchBrowser, newPage, open, textOf } from './support/portal';

const BOOKINFO = resolve(
  '../shared/samples/bookinfo/platform/kube/bookinfo.yaml',
);

async function names(page: Page): Promise<string[]> {
  const cells = await page.getByRole('rowheader').allInnerTexts();
  return cells.map(text => text.split('\n')[0].trim());
}

describe('the Mesh page', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    await open(page, '/mesh');
    await page.getByRole('rowheader').first().waitFor();
  });
  after(() => browser.close());

  it('counts the services that kubectl counts', async () => {
    const services = getJson<{ items: object[] }>(['services', '-A']);
    const status = await textOf(page.getByRole('status').first());
    assert.match(status, new RegExp(`of ${services.items.length} services`));
  });

  it('begins with the worst', async () => {
    const problems = await textOf(page.getByRole('status').first());
    const count = Number(problems.match(/(\d+) with a problem/)?.[1] ?? 0);
    assert.ok(count > 0, 'the demo has things that are wrong on purpose');
    const first = await textOf(page.getByRole('row').nth(1));
    assert.ok(!/all is well/i.test(first), first);
  });

  it('finds by name, and keeps the search in the address', async () => {
    await page.getByLabel('Search').fill('bookinfo/reviews');
    await page.waitForURL(/reviews/);
    await page.getByText(/^1 of /).waitFor();
    assert.deepEqual(await names(page), ['bookinfo/reviews']);
    await page.reload();
    await page.getByText(/^1 of /).waitFor();
    assert.deepEqual(await names(page), ['bookinfo/reviews']);
    await page.getByLabel('Search').fill('');
  });

  it('filters by namespace', async () => {
    await page.getByLabel('Namespace').selectOption('payments');
    await page.waitForURL(/payments/);
    const shown = await names(page);
    assert.ok(shown.length > 0);
    for (const name of shown) {
      assert.match(name, /^payments\//);
    }
    await page.getByLabel('Namespace').selectOption('');
  });

  it('says so when nothing fits, and offers the way back', async () => {
    await page.getByLabel('Search').fill('no such service anywhere');
    await page.getByText('No service fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Show all services' }).click();
    await page.getByRole('rowheader').first().waitFor();
  });

  it('sorts by service with the keyboard, both ways', async () => {
    const button = page.getByRole('button', { name: /^Service/ });
    await button.focus();
    await page.keyboard.press('Enter');
    const ascending = await names(page);
    await page.keyboard.press('Enter');
    const descending = await names(page);
    assert.deepEqual(
      ascending,
      [...ascending].sort((a, b) => a.localeCompare(b)),
    );
    assert.notEqual(ascending[0], descending[0]);
  });

  it('leads to the page of the component', async () => {
    await page.getByLabel('Search').fill('bookinfo/reviews');
    await page
      .getByRole('rowheader')
      .getByRole('link', { name: 'bookinfo/reviews' })
      .click();
    await page.waitForURL(/catalog\/default\/component\/reviews/);
  });

  it(
    'shows Bookinfo, applied with kubectl into a new namespace, within 5 s',
    {
      skip: existsSync(BOOKINFO)
        ? false
        : `there is no ${BOOKINFO}: Istio's samples are not beside this repository`,
    },
    async () => {
      const namespace = 'e2e-bookinfo';
      await open(page, `/mesh?namespace=${namespace}`);
      await page.getByRole('status').first().waitFor();
      try {
        kubectl(
          ['apply', '-f', '-'],
          `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"${namespace}","labels":{"istio-injection":"enabled"}}}`,
        );
        kubectl(['apply', '--validate=false', '-n', namespace, '-f', BOOKINFO]);
        const since = Date.now();
        await page
          .getByText(`${namespace}/reviews`)
          .waitFor({ timeout: 5_000 });
        assert.ok(Date.now() - since < 5_000);
      } finally {
        kubectl(['delete', 'namespace', namespace, '--wait=false']);
      }
    },
  );
});
