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
import {
  card,
  CARD_TITLES,
  launchBrowser,
  newPage,
  open,
  openService,
} from './support/portal';

/** Marks the cards of this plugin, so that axe looks at all of them and at nothing else. */
async function markCards(page: Page): Promise<void> {
  for (const title of CARD_TITLES) {
    await card(page, title).evaluate(element =>
      element.setAttribute('data-e2e-card', 'true'),
    );
  }
}

function horizontalOverflow(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      document.documentElement.scrollWidth -
      document.documentElement.clientWidth,
  );
}

async function background(page: Page): Promise<number> {
  const color = await page.evaluate(
    () => getComputedStyle(document.body).backgroundColor,
  );
  const parts = color.match(/\d+/g)?.map(Number) ?? [255, 255, 255];
  return (parts[0] + parts[1] + parts[2]) / 3;
}

/** A browser for the tests of this block. */
function sharedBrowser(): () => Browser {
  let browser: Browser | undefined;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  return () => {
    assert.ok(browser, 'the browser started');
    return browser;
  };
}

describe('the look', () => {
  const browser = sharedBrowser();

  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';

    it(`${theme}: the cards break no rule of axe`, async () => {
      const page = await newPage(browser(), { dark });
      await openService(page, 'reviews');
      const brightness = await background(page);
      assert.equal(brightness < 128, dark, `the page is ${theme}`);
      await markCards(page);
      assert.deepEqual(await violations(page, '[data-e2e-card]'), []);
      await page.context().close();
    });

    it(`${theme}: the Mesh page breaks no rule of axe`, async () => {
      const page = await newPage(browser(), { dark });
      await open(page, '/mesh');
      await page.getByRole('rowheader').first().waitFor();
      assert.deepEqual(await violations(page, '[role="table"]'), []);
      assert.deepEqual(await violations(page, '[role="search"]'), []);
      await page.context().close();
    });
  }

  for (const [what, path, ready] of [
    ['the page of a service', '/catalog/default/component/reviews', ''],
    [
      'the tab',
      '/catalog/default/component/reviews/service-mesh',
      'reviews.bookinfo',
    ],
    ['the Mesh page', '/mesh', 'bookinfo/'],
  ]) {
    it(`375 px wide: ${what} does not scroll sideways`, async () => {
      const page = await newPage(browser(), { width: 375, height: 800 });
      if (ready) {
        await open(page, path);
        await page.getByText(ready).first().waitFor();
      } else {
        await openService(page, 'reviews');
      }
      assert.equal(await horizontalOverflow(page), 0);
      await page.context().close();
    });
  }
});
