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

import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RoutesView } from '@mesh-portal/backstage-plugin-istio-common';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { brokenRoutes, calmRoutes, envelope } from '../testing/fixtures';
import { scenes } from '../testing/scenes';
import {
  EntityIstioAuthorizationCard,
  EntityIstioMtlsCard,
  EntityIstioRoutesCard,
  EntityIstioSignalsCard,
  EntityIstioSummaryCard,
} from '.';

const CARDS = [
  'Service mesh',
  'Golden signals',
  'mTLS',
  'Routes',
  'Authorization',
] as const;

type Says = Record<(typeof CARDS)[number], string>;

const CALM: Says = {
  'Service mesh': 'In the mesh, encrypted, reachable and healthy.',
  'Golden signals':
    'Healthy: 0.1 % of requests fail, 95 % answer within 46 ms.',
  mTLS: 'All traffic is encrypted: STRICT on every port.',
  Routes: 'Two rules; every destination has ready pods.',
  Authorization: 'Only productpage may call, and only with GET.',
};

/** What each card must say in each state; one text for all cards where they say the same. */
const SAYS: Record<string, string | Says> = {
  Calm: CALM,
  Idle: {
    ...CALM,
    'Golden signals': 'The proxies report, but no request came',
  },
  'Never seen': { ...CALM, 'Golden signals': 'Never seen in the metrics' },
  'Connections only': {
    ...CALM,
    'Golden signals': 'Connections and bytes only',
  },
  'No Prometheus': CALM,
  Broken: {
    'Service mesh': 'Clients send plaintext to port 9080',
    'Golden signals': '12 % of requests fail; it was 0.1 % the hour before.',
    mTLS: 'Clients in bookinfo send plaintext to port 9080',
    Routes: '10 % of requests go to subset v9, which selects no pod',
    Authorization: 'productpage calls and is refused.',
  },
  Empty: {
    'Service mesh': 'In the mesh, encrypted, reachable and healthy.',
    'Golden signals': 'This entity has no service',
    mTLS: 'This entity has no service',
    Routes: 'This entity has no service',
    Authorization: 'This entity has no workload',
  },
  Partial: 'Cluster west cannot be reached',
  Stale: 'Stale: 8 min old, the cluster does not answer',
  Unannotated: 'This entity does not say which services it is',
  'No match': 'No service or workload matches this entity',
  'Invalid annotation': 'An annotation of this entity is not valid',
  Forbidden: 'istio.entity.read',
  Failed: 'The back end failed (503)',
  Offline: 'The portal’s back end does not answer',
};

function AllCards() {
  return (
    <main>
      <h1>reviews</h1>
      <h2>Overview</h2>
      <EntityIstioSummaryCard />
      <EntityIstioSignalsCard />
      <EntityIstioMtlsCard />
      <EntityIstioRoutesCard />
      <EntityIstioAuthorizationCard />
    </main>
  );
}

function answersOf(title: string) {
  const scene = scenes.find(candidate => candidate.title === title);
  if (!scene) {
    throw new Error(`There is no scene “${title}”`);
  }
  return scene.answers;
}

async function cardOf(title: string): Promise<HTMLElement> {
  const heading = await screen.findByRole('heading', { name: title, level: 3 });
  const card = heading.closest<HTMLElement>('.bui-Card');
  if (!card) {
    throw new Error(`The heading “${title}” stands in no card`);
  }
  return card;
}

describe('every card in every state', () => {
  it.each(scenes.map(({ title }) => title))(
    '%s: each card says so, and axe finds no fault',
    async title => {
      const { container } = await renderWithFixtures(<AllCards />, {
        answers: answersOf(title),
      });
      for (const card of CARDS) {
        const says = SAYS[title];
        const text = typeof says === 'string' ? says : says[card];
        const element = await cardOf(card);
        const [found] = await within(element).findAllByText(text, {
          exact: false,
        });
        expect(found).toBeVisible();
      }
      await expectAccessible(container);
    },
  );

  it('loads with a skeleton that is named', async () => {
    const { container } = await renderWithFixtures(<AllCards />, {});
    for (const card of CARDS) {
      expect(
        within(await cardOf(card)).getByRole('status', {
          name: `Loading ${card}`,
        }),
      ).toBeVisible();
    }
    await expectAccessible(container);
  });

  it('shows configuration where no Prometheus is configured, and says so', async () => {
    await renderWithFixtures(<AllCards />, {
      answers: answersOf('No Prometheus'),
    });
    const mtls = within(await cardOf('mTLS'));
    expect(
      await mtls.findByText(/No Prometheus is configured: only configuration/),
    ).toBeVisible();
    expect(mtls.getByText(/STRICT on every port/)).toBeVisible();
  });

  it('tries again when asked to', async () => {
    const answers = { ...answersOf('Failed') };
    await renderWithFixtures(<EntityIstioMtlsCard />, { answers });
    const retry = await screen.findByRole('button', { name: 'Try again' });
    Object.assign(answers, { mtls: answersOf('Calm').mtls });
    await userEvent.click(retry);
    expect(await screen.findByText(/STRICT on every port/)).toBeVisible();
  });
});

describe('mTLS card', () => {
  it('names mode, clients, policy and observed share of a port', async () => {
    await renderWithFixtures(<EntityIstioMtlsCard />, {
      answers: answersOf('Broken'),
    });
    expect(await screen.findByText('Port 9080')).toBeVisible();
    expect(screen.getByText('STRICT')).toBeVisible();
    expect(screen.getByText(/plaintext, refused/)).toHaveTextContent(
      'a meshed client in bookinfo',
    );
    expect(screen.getByText('96.2 %')).toBeVisible();
    expect(
      screen.getByText('Plaintext 0.45/s from a caller without proxy'),
    ).toBeVisible();
    expect(
      screen.getByText('PeerAuthentication bookinfo/default'),
    ).toBeVisible();
  });

  it('shows which object decided and what it overrode, one click away', async () => {
    await renderWithFixtures(<EntityIstioMtlsCard />, {
      answers: answersOf('Calm'),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Why? STRICT on port 9080' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      dialog.getByText('PeerAuthentication bookinfo/default'),
    ).toBeVisible();
    expect(dialog.getAllByText('spec.mtls.mode')).toHaveLength(2);
    expect(
      dialog.getByText('PeerAuthentication istio-system/default'),
    ).toBeVisible();
  });
});

describe('Routes card', () => {
  it('shows configured and observed weight side by side', async () => {
    await renderWithFixtures(<EntityIstioRoutesCard />, {
      answers: answersOf('Calm'),
    });
    expect(
      await screen.findByText('90 % configured · 89.7 % observed'),
    ).toBeVisible();
    expect(screen.getByText('10 % configured · 10.3 % observed')).toBeVisible();
  });

  it('says once why the shares of a rule cannot be compared with its weights', async () => {
    const [service] = calmRoutes.services;
    const reason =
      'Several rules send to these pods, and metrics do not tell rules apart';
    const incomparable: RoutesView = {
      services: [
        {
          ...service,
          ports: service.ports.map(port => ({
            ...port,
            rules: port.rules.map(rule => ({
              ...rule,
              destinations: rule.destinations.map(destination => ({
                ...destination,
                observed: {
                  ...destination.observed,
                  state: 'not-comparable',
                  reason,
                },
              })),
            })),
          })),
        },
      ],
    };
    await renderWithFixtures(<EntityIstioRoutesCard />, {
      answers: { routes: envelope(incomparable) },
    });
    const remark = await screen.findByText(
      `Observed shares cannot be compared with the weights: ${reason}`,
    );
    expect(remark.closest('li')).toHaveTextContent('10 % configured');
  });

  it('says that a share differs from its weight, and by how much', async () => {
    await renderWithFixtures(<EntityIstioRoutesCard />, {
      answers: { routes: envelope(brokenRoutes) },
    });
    const finding = await screen.findByText('Differs from the weight:');
    expect(finding.closest('div')).toHaveTextContent(
      'Differs from the weight: 72 % of 44,640 requests, 18 points below the weight.',
    );
  });

  it('names the missing subset, the unreachable rule, the fault and the ignored object', async () => {
    await renderWithFixtures(<EntityIstioRoutesCard />, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByText(
        'Subset v9 selects no pod: requests fail with 503.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText('Never reached: rule 1 above takes every request'),
    ).toBeVisible();
    expect(screen.getByText(/5 s delay for 10 % of requests/)).toBeVisible();
    expect(
      screen.getByText('VirtualService bookinfo/reviews-canary'),
    ).toBeVisible();
  });
});

describe('Authorization card', () => {
  it('says who is refused, how often, and by which policy', async () => {
    await renderWithFixtures(<EntityIstioAuthorizationCard />, {
      answers: answersOf('Broken'),
    });
    const callers = await screen.findAllByText(/refused · 12.4\/s/);
    expect(callers[0]).toHaveTextContent('bookinfo/productpage-v1');
    expect(screen.getByText(/requests are refused/)).toHaveTextContent(
      '12.4/s requests are refused (403)',
    );
    expect(
      screen.getByText('AuthorizationPolicy bookinfo/deny-all'),
    ).toBeVisible();
  });
});

describe('Golden signals card', () => {
  it('keeps 5xx, 4xx and gRPC apart and compares with the hour before', async () => {
    await renderWithFixtures(<EntityIstioSignalsCard />, {
      answers: answersOf('Broken'),
    });
    const tile = async (title: string) => {
      const item = (await screen.findByText(title)).closest('li');
      return item?.textContent;
    };
    expect(await tile('5xx')).toBe('5xx12 %was 0.1 % the hour before');
    expect(await tile('4xx')).toContain('0.4 %');
    expect(await tile('gRPC faults')).toContain('3 %');
    expect(await tile('Latency p95')).toContain('p99 910 ms');
    expect(await tile('Latency p95')).toContain('bucket 250 ms to 500 ms');
    expect(screen.getByText(/never arrived here/)).toHaveTextContent('0.6/s');
    expect(screen.getByText(/no healthy upstream/)).toHaveTextContent('UH');
  });

  it('shows no zero where there is no traffic', async () => {
    await renderWithFixtures(<EntityIstioSignalsCard />, {
      answers: answersOf('Never seen'),
    });
    expect(await screen.findByText('Never seen in the metrics')).toBeVisible();
    expect(screen.queryByText('0 %')).not.toBeInTheDocument();
    expect(screen.queryByText('5xx')).not.toBeInTheDocument();
  });

  it('speaks of connections where no L7 proxy reports', async () => {
    await renderWithFixtures(<EntityIstioSignalsCard />, {
      answers: answersOf('Connections only'),
    });
    expect(await screen.findByText('Connections opened')).toBeVisible();
    expect(screen.getByText('Connections and bytes only')).toBeVisible();
    expect(screen.queryByText('5xx')).not.toBeInTheDocument();
  });
});
