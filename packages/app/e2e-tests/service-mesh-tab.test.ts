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
import { applied, getJson } from './support/kubectl';
import {
  launchBrowser,
  newPage,
  open,
  textOf,
  untilSays,
} from './support/portal';

const FIVE_SECONDS = 5_000;
const PATIENCE = 30_000;

const IGNORED = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: e2e-nowhere, namespace: bookinfo }
spec:
  hosts: [e2e.demo.example]
  gateways: [e2e-missing]
  http: [{ route: [{ destination: { host: reviews } }] }]
`;
const FILTER = `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: e2e-filter, namespace: bookinfo }
spec:
  workloadSelector: { labels: { app: reviews } }
  configPatches:
    - applyTo: HTTP_ROUTE
      match: { context: SIDECAR_INBOUND }
      patch: { operation: MERGE, value: { name: e2e } }
`;
const EXPOSED = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: e2e-exposed, namespace: bookinfo }
spec:
  hosts: [bookinfo.demo.example]
  gateways: [bookinfo-gateway]
  http:
    - match: [{ uri: { prefix: /e2e } }]
      route: [{ destination: { host: reviews } }]
`;

const ADMITTED = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: e2e-admitted, namespace: bookinfo }
spec:
  selector: { matchLabels: { app: reviews } }
  action: ALLOW
  rules:
    - from:
        - source: { principals: [cluster.local/ns/istio-system/sa/default] }
`;

const REFUSED = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: e2e-refused, namespace: bookinfo }
spec:
  hosts: [e2e.demo.example]
  gateways: [e2e-missing]
  http:
    - retries: { attempts: 1, retryOn: gateway-eror }
      route: [{ destination: { host: reviews } }]
`;

describe('the tab Service mesh', () => {
  let browser: Browser;
  let page: Page;
  const undo: Array<() => void> = [];

  const section = (id: string): Locator => page.locator(`#${id}`);
  const opened = async (id: string): Promise<Locator> => {
    const button = section(id).getByRole('button', { name: /^Show details/ });
    if (await button.count()) {
      await button.click();
    }
    return section(id);
  };
  const repair = () => {
    for (const step of undo.splice(0).reverse()) {
      step();
    }
  };

  before(async () => {
    browser = await launchBrowser();
    page = await newPage(browser);
    await open(page, '/catalog/default/component/reviews/service-mesh');
    await untilSays(section('ignored'), /up to date|as of/, PATIENCE);
  });
  after(async () => {
    repair();
    await browser.close();
  });

  it('follows one request, by default and with a header', async () => {
    const way = await opened('request-path');
    await untilSays(way, /VirtualService bookinfo\/reviews/, PATIENCE);
    await way.getByLabel('Headers, one a line').fill('end-user: qa');
    await way.getByRole('button', { name: 'Show the way' }).click();
    await untilSays(
      way,
      /\(qa\) of VirtualService bookinfo\/reviews/,
      PATIENCE,
    );
    assert.match(await textOf(way), /subset v2/);
  });

  it('says the timeout that kubectl says, and which object sets it', async () => {
    interface VirtualService {
      spec: { http: Array<{ name?: string; timeout?: string }> };
    }
    const { spec } = getJson<VirtualService>([
      'virtualservice',
      'reviews',
      '-n',
      'bookinfo',
    ]);
    const canary = spec.http.find(({ name }) => name === 'canary');
    assert.ok(canary?.timeout, 'the canary has a timeout');
    const text = await textOf(await opened('resilience'));
    assert.match(
      text,
      new RegExp(
        `timeout \\(canary\\) ${canary.timeout} VirtualService bookinfo/reviews`,
      ),
    );
  });

  it('an EnvoyFilter: named within 5 s, and the answers become advisory', async () => {
    undo.push(applied(FILTER));
    await untilSays(section('bindings'), /e2e-filter/, FIVE_SECONDS);
    await untilSays(section('routes'), /Advisory/, FIVE_SECONDS);
    repair();
    await untilSays(section('routes'), /^(?!.*Advisory)/, FIVE_SECONDS);
  });

  it('a route to a gateway that is not there: ignored within 5 s, with what to write', async () => {
    undo.push(applied(IGNORED));
    const ignored = section('ignored');
    await untilSays(ignored, /e2e-nowhere is ignored/, FIVE_SECONDS);
    await untilSays(section('exposure'), /Not reachable/, FIVE_SECONDS);
    repair();
    await untilSays(ignored, /^(?!.*e2e-nowhere)/, FIVE_SECONDS);
  });

  it('an object that istiod would refuse: named within 5 s with the field, until it is gone', async () => {
    undo.push(applied(REFUSED));
    const refused = section('refused');
    await refused.waitFor({ timeout: FIVE_SECONDS });
    await untilSays(
      refused,
      /e2e-refused \(does not act\) spec\.http\[0\]\.retries\.retryOn/,
      FIVE_SECONDS,
    );
    assert.deepEqual(await violations(page, '#refused'), []);
    repair();
    await refused.waitFor({ state: 'detached', timeout: FIVE_SECONDS });
  });

  it('pods that were not restarted since an upgrade: the version that kubectl says', async () => {
    interface Pods {
      items: Array<{ spec: { initContainers: Array<{ image: string }> } }>;
    }
    const { items } = getJson<Pods>([
      'pods',
      '-n',
      'identity',
      '-l',
      'app=token',
    ]);
    const [, version] = items[0].spec.initContainers[0].image.split(':');
    const other = await newPage(browser);
    await open(other, '/catalog/default/component/token/service-mesh');
    const overview = other.locator('#overview');
    await overview.getByText('Pods that deserve a look').waitFor();
    assert.ok(
      (await textOf(overview)).includes(
        `${items.length} pods run a sidecar of version ${version}`,
      ),
    );
    await overview.getByRole('button', { name: /^Which pods\?/ }).click();
    await untilSays(
      other.getByRole('dialog'),
      /Pod identity\/token-/,
      FIVE_SECONDS,
    );
    await other.context().close();
  });

  it('a way in: refused by the service until a policy lets the gateway in, each within 5 s', async () => {
    undo.push(applied(EXPOSED));
    await untilSays(
      section('exposure'),
      /The service refuses the gateway \(istio-system\/default\)/,
      FIVE_SECONDS,
    );
    undo.push(applied(ADMITTED));
    await untilSays(
      section('exposure'),
      /Reachable from outside by everybody at http:\/\/bookinfo\.demo\.example/,
      FIVE_SECONDS,
    );
    repair();
    await untilSays(
      section('exposure'),
      /no gateway has a route to it/,
      FIVE_SECONDS,
    );
  });

  it('breaks no rule of axe, all sections open', async () => {
    for (const id of ['exposure', 'external', 'bindings']) {
      await opened(id);
    }
    for (const id of [
      'request-path',
      'exposure',
      'resilience',
      'external',
      'bindings',
      'ignored',
    ]) {
      assert.deepEqual(await violations(page, `#${id}`), [], id);
    }
  });
});
