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
import { launchBrowser, newPage, open, openService } from './support/portal';

const TAB = '/catalog/default/component/reviews/service-mesh';
const CHART = '.recharts-wrapper';
const CLOCK = /^\d{1,2}:\d{2}/;

/** The texts along the axes of a chart. */
function ticksOf(chart: Locator): Promise<string[]> {
  return chart.locator('svg[role="application"] text').allTextContents();
}

/** The section with the chart of this title. */
function section(page: Page, title: string): Locator {
  return page
    .getByRole('heading', { name: title, level: 4 })
    .locator('xpath=..');
}

describe('charts of the golden signals', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser, { height: 1400 });
  });
  after(() => browser.close());
  const chartOf = (title: string) => section(page, title).locator(CHART);

  it('load with the tab, not with the cards', async () => {
    const scripts: string[] = [];
    page.on('response', async response => {
      if (/\.js(\?|$)/.test(response.url())) {
        scripts.push(await response.text().catch(() => ''));
      }
    });
    await openService(page, 'reviews');
    const withCards = scripts.some(text => text.includes(CHART.slice(1)));
    await open(page, TAB);
    await page.locator(CHART).first().waitFor();
    assert.equal(withCards, false, 'the cards load the chart library');
    assert.ok(
      scripts.some(text => text.includes(CHART.slice(1))),
      'the tab loads the chart library',
    );
  });

  for (const [title, unit] of [
    ['Requests, per second', /\d\/s$/],
    ['Errors, share of requests', /\d %$/],
    ['Latency, milliseconds', /\d (ms|s)$/],
    ['Bytes, per second', /B\/s$/],
  ] as const) {
    it(`${title}: both axes say what they measure`, async () => {
      const chart = chartOf(title);
      await chart.locator('svg text').first().waitFor();
      const ticks = await ticksOf(chart);
      const times = ticks.filter(tick => CLOCK.test(tick));
      const values = ticks.filter(tick => !CLOCK.test(tick));
      assert.ok(times.length >= 2, `times: ${times.join(', ')}`);
      assert.ok(values.length >= 2, `values: ${values.join(', ')}`);
      for (const value of values) assert.match(value, unit);
    });
  }

  it('share one cursor: pointing at one shows the same moment in all', async () => {
    const charts = page.locator(CHART);
    const count = await charts.count();
    assert.ok(count >= 3, `${count} charts`);
    const first = charts.first();
    await first.scrollIntoViewIfNeeded();
    const box = await first.boundingBox();
    assert.ok(box, 'the chart is drawn');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const labels = page.locator('.recharts-tooltip-label');
    await labels.first().waitFor();
    await page.waitForTimeout(300);
    const moments = await labels.allTextContents();
    assert.equal(moments.length, count);
    assert.equal(new Set(moments).size, 1, moments.join(', '));
  });

  it('have the same in tables, with the keyboard', async () => {
    const toggle = page.getByRole('button', { name: 'Show charts as tables' });
    await toggle.focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('table', { name: 'Latency, milliseconds' });
    await table.waitFor();
    assert.ok((await table.getByRole('row').count()) > 30);
    assert.equal(await page.locator(CHART).count(), 0);
  });
});
