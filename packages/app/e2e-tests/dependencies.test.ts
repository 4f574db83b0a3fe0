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
import type { Browser, Locator, Page } from 'playwright-core';
import { violations } from './support/accessibility';
import { launchBrowser, newPage, open, textOf } from './support/portal';
import { askedAbout, promtoolValue } from './support/prometheus';

const PICTURE = 'Who calls';

function tabOf(name: string, query = ''): string {
  return `/catalog/default/component/${name}/mesh-dependencies${query}`;
}

/** The card of the tab. */
function dependencies(page: Page): Locator {
  return page.locator('.bui-Card').filter({
    has: page.getByRole('heading', {
      name: 'Dependencies',
      exact: true,
      level: 3,
    }),
  });
}

async function openDependencies(
  page: Page,
  name: string,
  query?: string,
): Promise<Locator> {
  await open(page, tabOf(name, query));
  const card = dependencies(page);
  await card.getByText(/up to date|as of .* ago/).waitFor();
  await card.getByRole('figure').waitFor();
  return card;
}

function row(card: Locator, neighbour: string): Locator {
  return card.getByRole('row').filter({ hasText: neighbour });
}

function numberBefore(text: string, words: RegExp): number {
  const found = text.match(new RegExp(`(\\d[\\d.]*)${words.source}`));
  assert.ok(found, `no number before ${words} in: ${text}`);
  return Number(found[1]);
}

function assertClose(actual: number, expected: number, what: string): void {
  const tolerance = Math.max(Math.abs(expected) * 0.05, 0.02);
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: the page says ${actual}, the source says ${expected}`,
  );
}

describe('the dependencies of a service', () => {
  let browser: Browser;
  let page: Page;
  let card: Locator;
  let asked: string[];

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    asked = await askedAbout('payment-api', async () => {
      card = await openDependencies(page, 'payment-api');
    });
  });
  after(() => browser.close());
  const anotherPage = (options: Parameters<typeof newPage>[1]) =>
    newPage(browser, options);

  it('cost at most two requests to Prometheus', () => {
    assert.ok(asked.length > 0 && asked.length <= 2, asked.join('\n'));
  });

  it('say the rate that promtool says, of the callee’s proxy only', async () => {
    const text = await textOf(row(card, 'payments/ledger').first());
    assertClose(
      numberBefore(text, /\/s http/),
      promtoolValue(
        'sum(rate(istio_requests_total{reporter="destination",source_workload="payment-api",destination_service_name="ledger"}[1h]))',
      ),
      'requests per second to ledger',
    );
  });

  it('put what fails first, in the picture and in the table', async () => {
    const picture = card.getByRole('figure');
    const callees = picture.getByRole('list', { name: 'What it calls' });
    const first = await textOf(callees.getByRole('listitem').first());
    assert.match(first, /Failing: .*fraud-check/);
    assert.match(first, /errors/);
    const [, failing] = await card.getByRole('row').all();
    assert.match(await textOf(failing), /fraud-check.*circuit breaker open/);
  });

  it('name the neighbour’s entity and its owner, one key press away', async () => {
    const link = card
      .getByRole('figure')
      .getByRole('link', { name: /payments\/ledger/ });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/component\/ledger/);
    await page.goBack();
    await card.getByRole('figure').waitFor();
    assert.match(
      await textOf(row(card, 'payments/ledger').first()),
      /owner Payments/,
    );
  });

  it('follow the window, which stays in the address', async () => {
    await card.getByLabel('Window').selectOption('7d');
    await page.waitForURL(/window=7d/);
    await card.getByRole('table', { name: /rates of the last 7d/ }).waitFor();
  });

  it('say which line is missing in the catalog, and which is too much', async () => {
    const storefront = await openDependencies(page, 'storefront');
    await storefront
      .getByText('- component:default/collector', { exact: false })
      .waitFor();
    await open(page, tabOf('recommendations'));
    const unused = dependencies(page).getByRole('list', {
      name: 'Declared, but no traffic observed',
    });
    await unused.waitFor();
    assert.match(
      await textOf(unused),
      /No traffic was observed in the last 1h/,
    );
    assert.match(
      await textOf(dependencies(page)),
      /remove from the file of component:default\/recommendations spec: dependsOn: - component:catalog/,
    );
    await open(page, tabOf('productpage'));
    const silent = dependencies(page).getByRole('list', {
      name: 'Declared, and cannot be observed',
    });
    await silent.waitFor();
    assert.match(await textOf(silent), /no annotation says which services/);
  });

  for (const dark of [false, true]) {
    it(`break no rule of axe, ${dark ? 'dark' : 'light'}`, async () => {
      const other = await anotherPage({ dark });
      const shown = await openDependencies(other, 'ledger');
      await shown.evaluate(element =>
        element.setAttribute('data-e2e-card', 'true'),
      );
      assert.deepEqual(await violations(other, '[data-e2e-card]'), []);
      await other.context().close();
    });
  }

  it('do not scroll the page sideways on a phone, and keep the picture readable', async () => {
    const phone = await anotherPage({ width: 375, height: 800 });
    const shown = await openDependencies(phone, 'storefront');
    const overflow = await phone.evaluate(
      () =>
        document.documentElement.scrollWidth -
        document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
    const box = await shown
      .getByRole('figure', { name: new RegExp(PICTURE) })
      .getByRole('listitem')
      .first()
      .boundingBox();
    assert.ok(box && box.width > 250, `a box is ${box?.width} px wide`);
    await phone.context().close();
  });
});

describe('without opening the tab', () => {
  it('nothing of the dependencies is asked or drawn', async () => {
    const browser = await launchBrowser();
    const page = await newPage(browser);
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await open(page, '/catalog/default/component/ratings/service-mesh');
    await page.getByText('ratings.bookinfo').first().waitFor();
    const views = asked.flatMap(
      url =>
        new URL(url).pathname.match(/\/v1\/entities\/.*\/(\w+)$/)?.[1] ?? [],
    );
    assert.ok(views.includes('signals'), `asked: ${views.join(', ')}`);
    assert.ok(!views.includes('dependencies'), `asked: ${views.join(', ')}`);
    await browser.close();
  });
});
