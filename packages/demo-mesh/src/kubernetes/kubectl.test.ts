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

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { startDemoMesh, type DemoMesh } from '../startDemoMesh';
import { eventually } from '../testing/eventually';
import { isInstalled, kubectlFor, type Kubectl } from '../testing/kubectl';

jest.setTimeout(30_000);

const BOOKINFO = resolve(
  __dirname,
  '../../../../../shared/samples/bookinfo/platform/kube/bookinfo.yaml',
);

const hasKubectl = isInstalled('kubectl', ['version', '--client']);
if (!hasKubectl) {
  process.stderr.write(
    'kubectl is not installed: the tests that use it do not run\n',
  );
}
const hasBookinfo = existsSync(BOOKINFO);
if (!hasBookinfo) {
  process.stderr.write(`${BOOKINFO} is absent: its test does not run\n`);
}
const withKubectl = hasKubectl ? describe : describe.skip;
const withBookinfo = hasBookinfo ? describe : describe.skip;

function policy(mode: string): string {
  return JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'applied', namespace: 'legacy' },
    spec: { mtls: { mode } },
  });
}

function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map(line => line.split(/\s{2,}/));
}

withKubectl('kubectl against the demo mesh', () => {
  let mesh: DemoMesh;
  let kubectl: Kubectl;
  beforeAll(async () => {
    mesh = await startDemoMesh();
    kubectl = kubectlFor(mesh.kubernetesUrl);
  });
  afterAll(async () => {
    kubectl.close();
    await mesh.stop();
  });

  async function ok(args: readonly string[], manifest?: string) {
    const { code, stdout, stderr } = await kubectl.run(args, manifest);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  }

  it('prints core and Istio kinds as tables', async () => {
    const pods = rows(await ok(['get', 'pods', '-n', 'bookinfo']));
    expect(pods[0]).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    expect(pods.length).toBeGreaterThan(5);
    for (const [, ready, status] of pods.slice(1)) {
      expect([ready, status]).toEqual(['2/2', 'Running']);
    }
    const services = rows(await ok(['get', 'vs', '-n', 'bookinfo']));
    expect(services[0]).toEqual(['NAME', 'GATEWAYS', 'HOSTS', 'AGE']);
    expect(services.map(([name]) => name)).toContain('reviews');
  });

  it('prints objects as YAML in the version that was asked for', async () => {
    const yaml = await ok([
      ...['get', 'virtualservices.v1beta1.networking.istio.io', 'reviews'],
      ...['-n', 'bookinfo', '-o', 'yaml'],
    ]);
    expect(yaml).toContain('apiVersion: networking.istio.io/v1beta1');
    expect(yaml).toContain('kind: VirtualService');
    expect(yaml).toContain('subset: v3');
  });

  it('selects by label and by field', async () => {
    const selected = await ok([
      ...['get', 'pods', '-A', '-l', 'app=reviews,version in (v1)'],
      ...['--field-selector=metadata.namespace=bookinfo', '-o', 'name'],
    ]);
    const names = selected.trim().split('\n');
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toMatch(/^pod\/reviews-v1-/);
    }
  });

  it('lists all pods in pages of five', async () => {
    const whole = await ok(['get', 'pods', '-A', '-o', 'name']);
    const paged = await ok([
      'get',
      'pods',
      '-A',
      '-o',
      'name',
      '--chunk-size=5',
    ]);
    expect(whole.split('\n').length).toBeGreaterThan(20);
    expect(paged).toBe(whole);
  });

  it('describes a pod and a VirtualService', async () => {
    const [pod] = (
      await ok([
        'get',
        'pods',
        '-n',
        'bookinfo',
        '-l',
        'app=ratings',
        '-o',
        'name',
      ])
    ).split('\n');
    const description = await ok(['describe', pod, '-n', 'bookinfo']);
    expect(description).toMatch(/Status:\s+Running/);
    expect(description).toContain('istio-proxy');
    const route = await ok(['describe', 'vs', 'reviews', '-n', 'bookinfo']);
    expect(route).toMatch(/Kind:\s+VirtualService/);
    expect(route).toMatch(/Subset:\s+v3/);
  });

  it('applies: created, unchanged, configured; then deletes', async () => {
    const apply = (mode: string) => ok(['apply', '-f', '-'], policy(mode));
    const name = 'peerauthentication.security.istio.io/applied';
    expect(await apply('STRICT')).toBe(`${name} created\n`);
    expect(await apply('STRICT')).toBe(`${name} unchanged\n`);
    expect(await apply('DISABLE')).toBe(`${name} configured\n`);
    expect(
      await ok([
        ...['get', 'pa', 'applied', '-n', 'legacy'],
        ...['-o', 'jsonpath={.spec.mtls.mode}'],
      ]),
    ).toBe('DISABLE');
    expect(await ok(['delete', 'pa', 'applied', '-n', 'legacy'])).toContain(
      '"applied" deleted',
    );
    const gone = await kubectl.run(['get', 'pa', 'applied', '-n', 'legacy']);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('(NotFound)');
  });

  it('refuses an object that breaks its schema, and says where', async () => {
    const refused = await kubectl.run(
      ['apply', '-f', '-'],
      policy('SOMETIMES'),
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('spec.mtls.mode');
    expect(refused.stderr).toContain('"STRICT"');
  });

  it('shows a change to who watches', async () => {
    const watch = kubectl.start([
      ...['get', 'destinationrules', '-n', 'legacy', '-w'],
      ...['-o', 'jsonpath={.metadata.name}={.spec.host}{"\\n"}'],
    ]);
    try {
      const rule = (host: string) =>
        JSON.stringify({
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: { name: 'watched', namespace: 'legacy' },
          spec: { host },
        });
      await ok(['apply', '-f', '-'], rule('one'));
      await eventually(watch.output, text => text.includes('watched=one\n'));
      await ok(['apply', '-f', '-'], rule('two'));
      const shown = await eventually(watch.output, text =>
        text.includes('watched=two\n'),
      );
      expect(shown).toContain('watched=one\nwatched=two\n');
    } finally {
      await watch.stop();
    }
  });

  it('creates, labels and deletes a namespace with all that is in it', async () => {
    expect(await ok(['create', 'namespace', 'made'])).toBe(
      'namespace/made created\n',
    );
    expect(await ok(['label', 'namespace', 'made', 'team=a'])).toBe(
      'namespace/made labeled\n',
    );
    expect(await ok(['get', 'ns', '-l', 'team=a', '-o', 'name'])).toBe(
      'namespace/made\n',
    );
    await ok(['create', 'configmap', 'c', '-n', 'made', '--from-literal=a=b']);
    expect(
      await ok(['get', 'cm', 'c', '-n', 'made', '-o', 'jsonpath={.data.a}']),
    ).toBe('b');
    const again = await kubectl.run(['create', 'namespace', 'made']);
    expect(again.stderr).toContain('(AlreadyExists)');
    expect(await ok(['delete', 'namespace', 'made'])).toContain('deleted');
    expect(await ok(['get', 'cm', '-A', '-o', 'name'])).not.toContain('/c\n');
    const into = await kubectl.run(['create', 'sa', 'late', '-n', 'made']);
    expect(into.stderr).toContain('namespaces "made" not found');
  });

  it('runs, scales and restarts a Deployment', async () => {
    await ok(['create', 'deployment', 'web', '-n', 'legacy', '--image=web:1']);
    await ok(['scale', 'deployment', 'web', '-n', 'legacy', '--replicas=3']);
    await ok([
      ...['rollout', 'status', 'deployment/web', '-n', 'legacy'],
      '--timeout=10s',
    ]);
    const before = await ok([
      'get',
      'po',
      '-n',
      'legacy',
      '-l',
      'app=web',
      '-o',
      'name',
    ]);
    expect(before.trim().split('\n')).toHaveLength(3);
    await ok(['rollout', 'restart', 'deployment/web', '-n', 'legacy']);
    const after = await eventually(
      () => ok(['get', 'po', '-n', 'legacy', '-l', 'app=web', '-o', 'name']),
      text => text !== before && text.trim().split('\n').length === 3,
    );
    for (const pod of before.trim().split('\n')) {
      expect(after).not.toContain(pod);
    }
    await ok(['delete', 'deployment', 'web', '-n', 'legacy']);
    expect(
      await ok(['get', 'rs', '-n', 'legacy', '-l', 'app=web', '-o', 'name']),
    ).toBe('');
  });

  withBookinfo('Bookinfo', () => {
    it('gives the pods of an applied sample their sidecars', async () => {
      await ok(['create', 'namespace', 'sample']);
      await ok(['label', 'namespace', 'sample', 'istio-injection=enabled']);
      await ok(['apply', '-n', 'sample', '-f', BOOKINFO]);
      const pods = await eventually(
        () => ok(['get', 'pods', '-n', 'sample', '--no-headers']),
        table =>
          rows(table).length === 6 &&
          rows(table).every(
            ([, ready, status]) => ready === '2/2' && status === 'Running',
          ),
      );
      expect(pods).toContain('productpage-v1-');
      expect(
        await ok([
          ...['get', 'endpointslices', '-n', 'sample'],
          ...['-l', 'kubernetes.io/service-name=reviews'],
          ...['-o', 'jsonpath={.items[*].endpoints[*].addresses[0]}'],
        ]),
      ).toMatch(/^\S+ \S+ \S+$/);
    });
  });
});

withKubectl('kubectl against a demo mesh that refuses', () => {
  let mesh: DemoMesh;
  let kubectl: Kubectl;
  beforeAll(async () => {
    mesh = await startDemoMesh({
      forbiddenKinds: ['secrets'],
      absentGroups: ['extensions.istio.io'],
    });
    kubectl = kubectlFor(mesh.kubernetesUrl);
  });
  afterAll(async () => {
    kubectl.close();
    await mesh.stop();
  });

  it('answers 403 for forbidden kinds', async () => {
    const refused = await kubectl.run(['get', 'secrets', '-n', 'bookinfo']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('(Forbidden)');
    expect(refused.stderr).toContain('cannot list resource "secrets"');
  });

  it('does not know the kinds of an absent group', async () => {
    const unknown = await kubectl.run(['get', 'wasmplugins', '-A']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain(
      'the server doesn\'t have a resource type "wasmplugins"',
    );
    const response = await fetch(
      `${mesh.kubernetesUrl}/apis/extensions.istio.io/v1alpha1/wasmplugins`,
    );
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      reason: 'NotFound',
    });
  });
});

describe('a demo mesh that demands a token', () => {
  let mesh: DemoMesh;
  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'open-sesame' });
  });
  afterAll(() => mesh.stop());

  async function statusWith(headers: Record<string, string>): Promise<number> {
    const response = await fetch(`${mesh.kubernetesUrl}/api/v1/pods`, {
      headers,
    });
    return response.status;
  }

  it('answers 401 without it and with another, 200 with it', async () => {
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ authorization: 'Bearer other' })).toBe(401);
    expect(await statusWith({ authorization: 'Bearer open-sesame' })).toBe(200);
  });

  // kubectl sends no token over plain HTTP, so to this server it is a stranger.
  withKubectl('kubectl', () => {
    it('is sent to log in', async () => {
      const kubectl = kubectlFor(mesh.kubernetesUrl);
      const refused = await kubectl.run(['get', 'pods', '-A']);
      kubectl.close();
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('You must be logged in to the server');
    });
  });
});
