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
import type { ReactElement } from 'react';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures as render } from '../__testUtils__/renderWithFixtures';
import { CardBoundary } from '../components';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import {
  calmMtls,
  calmRoutes,
  calmRequestPath,
  envelope,
  insideExposure,
} from '../testing/fixtures';
import { scenes } from '../testing/scenes';
import { AmbientSection } from './AmbientSection';
import { BindingsSection } from './BindingsSection';
import { ExposureSection } from './ExposureSection';
import { ExternalSection } from './ExternalSection';
import { IgnoredSection } from './IgnoredSection';
import { MtlsSection } from './MtlsSection';
import { RequestPathSection } from './requestPath';
import { ResilienceSection } from './ResilienceSection';
import { RoutesSection } from './RoutesSection';

const SECTIONS: Record<string, ReactElement> = {
  'Reachable from outside': <ExposureSection />,
  Resilience: <ResilienceSection />,
  'External services': <ExternalSection />,
  'Where does a request go?': <RequestPathSection />,
  'What else acts here': <BindingsSection />,
  'Objects that do not act': <IgnoredSection />,
};

const TITLES = Object.keys(SECTIONS);

/** What every section must say in each state; one text where all say the same. */
const SAYS: Record<string, string | Record<string, string>> = {
  Calm: {
    'Reachable from outside':
      'Reachable from outside by everybody at https://bookinfo.example.com through bookinfo-gateway; TLS is terminated there',
    Resilience: 'Requests time out after 3s',
    'External services': 'Calls api.payments.example.com.',
    'Where does a request go?':
      'GET / from a meshed client in bookinfo: 90 %: delivered to reviews-v1',
    'What else acts here': 'Telemetry istio-system/mesh-default acts on it',
    'Objects that do not act': 'Every object that names the service acts on it',
  },
  Broken: {
    'Reachable from outside': 'Gateway bookinfo/missing does not exist',
    Resilience: 'none of these settings acts for it',
    'External services': 'Requests to api.payments.example.com fail (503)',
    'Where does a request go?': '503 UH: subset v9 selects no pod',
    'What else acts here': '1 pod was started with concurrency 2',
    'Objects that do not act':
      'VirtualService bookinfo/reviews-canary does not act',
  },
  Empty: {
    'Reachable from outside': 'This entity has no service',
    Resilience: 'This entity has no service',
    'External services': 'This entity has no workload',
    'Where does a request go?': 'This entity has no service',
    'What else acts here': 'This entity has no workload',
    'Objects that do not act': 'This entity has no service',
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

function answersOf(title: string) {
  const scene = scenes.find(candidate => candidate.title === title);
  if (!scene) {
    throw new Error(`There is no scene “${title}”`);
  }
  return scene.answers;
}

/** Sections stand inside the boundary of the tab. */
function renderWithFixtures(
  section: ReactElement,
  options: Parameters<typeof render>[1],
) {
  return render(<CardBoundary>{section}</CardBoundary>, options);
}

function Page(props: { children: ReactElement }) {
  return (
    <main>
      <h1>reviews</h1>
      <h2>Service mesh</h2>
      {props.children}
    </main>
  );
}

describe.each(TITLES)('the section %s', title => {
  it.each(Object.keys(SAYS))(
    '%s: says so, and axe finds no fault',
    async state => {
      const { container } = await renderWithFixtures(
        <Page>{SECTIONS[title]}</Page>,
        { answers: answersOf(state) },
      );
      const says = SAYS[state];
      const text = typeof says === 'string' ? says : says[title];
      const [found] = await screen.findAllByText(text, { exact: false });
      expect(found).toBeVisible();
      await expectAccessible(container);
    },
  );

  it('loads with a skeleton that is named', async () => {
    await renderWithFixtures(<Page>{SECTIONS[title]}</Page>, {});
    expect(
      screen.getByRole('status', { name: `Loading ${title}` }),
    ).toBeVisible();
  });

  it('is folded when calm, and opens when asked to', async () => {
    const { container } = await renderWithFixtures(
      <Page>{SECTIONS[title]}</Page>,
      { answers: answersOf('Calm') },
    );
    const button = await screen.findByRole('button', {
      name: `Show details of ${title}`,
    });
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(button);
    expect(
      screen.getByRole('button', { name: `Hide details of ${title}` }),
    ).toHaveAttribute('aria-expanded', 'true');
    await expectAccessible(container);
  });

  it('is open where something is wrong', async () => {
    await renderWithFixtures(<Page>{SECTIONS[title]}</Page>, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByRole('button', { name: `Hide details of ${title}` }),
    ).toBeVisible();
  });
});

describe('an answer that is not known', () => {
  it('says why, and is not green', async () => {
    const [service] = insideExposure.services;
    await renderWithFixtures(<ExposureSection />, {
      answers: {
        exposure: envelope({
          services: [
            {
              ...service,
              verdict: {
                state: 'unknown',
                reason: 'cannot list gateways: forbidden',
                facts: [],
              },
            },
          ],
        }),
      },
    });
    const line = (
      await screen.findByText(/cannot list gateways: forbidden/)
    ).closest('p');
    expect(line).toHaveTextContent(/^Unknown: /);
  });
});

describe('Reachable from outside', () => {
  it('shows each step from the edge to the pods', async () => {
    await renderWithFixtures(<ExposureSection />, {
      answers: answersOf('Calm'),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Show details/ }),
    );
    const steps = within(
      screen.getByRole('list', {
        name: 'Way through Gateway bookinfo/bookinfo-gateway',
      }),
    );
    expect(
      steps.getAllByRole('listitem').map(item => item.textContent),
    ).toEqual([
      expect.stringContaining('Gateway'),
      expect.stringContaining('Port 443, HTTPS'),
      expect.stringContaining('bookinfo.example.com'),
      expect.stringContaining('Everybody may come in'),
      expect.stringContaining('VirtualService bookinfo/bookinfo'),
      expect.stringContaining('Service bookinfo/reviews'),
      expect.stringContaining('The service lets the gateway in'),
      expect.stringContaining('4 of 4 pods ready'),
    ]);
  });

  it('says first that requests are refused, then the rules of the gateway and what lets it in', async () => {
    await renderWithFixtures(<ExposureSection />, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByText(/arrive and are refused: The service refuses/),
    ).toBeVisible();
    expect(
      screen.getByText('any request from client address 10.0.0.0/8'),
    ).toBeVisible();
    expect(
      screen.getByText(/Remedy: Would be allowed if it matched/),
    ).toBeVisible();
  });

  it('says what to write so that an object acts', async () => {
    await renderWithFixtures(<ExposureSection />, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByText(/Create the Gateway, or correct spec.gateways/),
    ).toBeVisible();
  });

  it('is calm where nothing leads here', async () => {
    await renderWithFixtures(<ExposureSection />, {
      answers: { exposure: envelope(insideExposure) },
    });
    expect(
      await screen.findByText(/no gateway has a route to it/),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: /^Show details/ }),
    ).toHaveAttribute('aria-expanded', 'false');
  });
});

describe('Resilience', () => {
  it('shows the value in effect, where it comes from, and the object one click away', async () => {
    await renderWithFixtures(<ResilienceSection />, {
      answers: answersOf('Calm'),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Show details/ }),
    );
    const table = within(
      screen.getByRole('table', {
        name: 'Outlier detection, Port 9080 (http)',
      }),
    );
    const [, own, inherited] = table.getAllByRole('row');
    expect(own).toHaveTextContent(
      'DestinationRule bookinfo/reviews, port level',
    );
    expect(inherited).toHaveTextContent('Default of Envoy');
    await userEvent.click(
      table.getByRole('button', {
        name: 'Why? outlierDetection.consecutive5xxErrors: 7',
      }),
    );
    expect(
      within(await screen.findByRole('dialog')).getByText(
        /portLevelSettings\[0\]/,
      ),
    ).toBeVisible();
  });
});

describe('External services', () => {
  it('tells workloads with the same answer once', async () => {
    await renderWithFixtures(<ExternalSection />, {
      answers: answersOf('Calm'),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Show details/ }),
    );
    expect(
      screen.getByRole('heading', { name: 'Called by reviews-v1, reviews-v2' }),
    ).toBeVisible();
    const table = within(
      screen.getByRole('table', {
        name: 'External hosts that reviews-v1, reviews-v2 knows',
      }),
    );
    expect(table.getByText('2.4/s')).toBeVisible();
    expect(table.getByText('not called')).toBeVisible();
  });

  it('counts the hosts that are not listed', async () => {
    await renderWithFixtures(<ExternalSection />, {
      answers: answersOf('Broken'),
    });
    expect(await screen.findByText('59 more hosts, not called')).toBeVisible();
  });
});

describe('Where does a request go?', () => {
  async function opened() {
    const api = new FixtureIstioApi({
      'request-path': envelope(calmRequestPath),
    });
    await renderWithFixtures(<RequestPathSection />, { api });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Show details/ }),
    );
    return api;
  }

  it('shows the steps that act, the branches with their shares, and how each ends', async () => {
    await opened();
    expect(
      within(screen.getByRole('list', { name: 'The way' }))
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      expect.stringContaining('The host is the service reviews.'),
      expect.stringContaining('Rule 2 of VirtualService bookinfo/reviews'),
    ]);
    expect(screen.getByText('90 %: weight 90 of 100')).toBeVisible();
    expect(
      screen.getByText('delivered to reviews-v1; encrypted all the way'),
    ).toBeVisible();
    expect(
      screen.getByText('1 thing that could act and does not'),
    ).toBeVisible();
  });

  it('asks for another request when the form is sent, not before', async () => {
    const api = await opened();
    const before = api.requests.length;
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Method' }),
      'POST',
    );
    await userEvent.clear(screen.getByRole('textbox', { name: /Path/ }));
    await userEvent.type(
      screen.getByRole('textbox', { name: /Path/ }),
      '/beta',
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: /Headers/ }),
      'end-user: jason',
    );
    expect(api.requests).toHaveLength(before);
    await userEvent.click(screen.getByRole('button', { name: 'Show the way' }));
    expect(api.requests.at(-1)).toEqual({
      host: 'reviews.bookinfo.svc.cluster.local',
      port: '9080',
      method: 'POST',
      path: '/beta',
      headers: 'end-user: jason',
    });
  });

  it('does not send a header that is none, and says which', async () => {
    const api = await opened();
    const before = api.requests.length;
    await userEvent.type(
      screen.getByRole('textbox', { name: /Headers/ }),
      'no header',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Show the way' }));
    expect(
      screen.getByText('“no header” is no header: write name: value'),
    ).toBeVisible();
    expect(api.requests).toHaveLength(before);
  });
});

describe('What else acts here', () => {
  it('names the object, its parts and what deserves attention; workloads alike once', async () => {
    await renderWithFixtures(<BindingsSection />, {
      answers: answersOf('Broken'),
    });
    const objects = within(
      await screen.findByRole('list', {
        name: 'Objects that act on reviews-v1',
      }),
    );
    expect(
      objects.getByText('EnvoyFilter bookinfo/response-headers'),
    ).toBeVisible();
    expect(
      objects.getByText(
        'MERGE HTTP_ROUTE in SIDECAR_OUTBOUND (spec.configPatches[0])',
      ),
    ).toBeVisible();
    expect(
      objects.getByText(
        'It changes routes: what the other cards say about that is advisory',
      ),
    ).toBeVisible();
    expect(
      screen.getByRole('table', { name: 'Proxy configuration of reviews-v1' }),
    ).toBeVisible();
  });

  it('shows sampling and access log with where they come from', async () => {
    await renderWithFixtures(<BindingsSection />, {
      answers: answersOf('Calm'),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Show details/ }),
    );
    const table = within(
      screen.getByRole('table', {
        name: 'Telemetry of reviews-v1, reviews-v2',
      }),
    );
    expect(
      table.getByRole('row', {
        name: /Sampling 1 % of requests Telemetry istio-system\/mesh-default/,
      }),
    ).toBeVisible();
    expect(
      table.getByRole('row', { name: /Access log off Default of Istio/ }),
    ).toBeVisible();
  });
});

describe('Objects that do not act', () => {
  it('says why, and what to write', async () => {
    await renderWithFixtures(<IgnoredSection />, {
      answers: answersOf('Broken'),
    });
    expect(
      await screen.findByText(
        'Write its routes into VirtualService bookinfo/reviews.',
      ),
    ).toBeVisible();
  });
});

describe('Ambient and waypoint', () => {
  it('says what is wrong and what to do, who enforces which policy; axe finds no fault', async () => {
    const { container } = await renderWithFixtures(
      <Page>
        <AmbientSection />
      </Page>,
      { answers: answersOf('Broken') },
    );
    expect(
      await screen.findByText('Waypoint bookinfo/waypoint has no ready pod.'),
    ).toBeVisible();
    expect(
      screen.getByText('Look at the pods of Gateway bookinfo/waypoint.'),
    ).toBeVisible();
    expect(
      screen.getByText('AuthorizationPolicy bookinfo/get-only').closest('li'),
    ).toHaveTextContent('enforced by nobody');
    await expectAccessible(container);
  });
});

describe('answers that cannot be wholly trusted', () => {
  const reason = 'EnvoyFilter bookinfo/patch changes routes of this proxy.';

  it('say so on the card, with the object', async () => {
    const { container } = await renderWithFixtures(
      <Page>
        <RoutesSection />
      </Page>,
      {
        answers: {
          routes: envelope(calmRoutes, {
            confidence: {
              level: 'advisory',
              reasons: [{ direct: true, says: reason }],
            },
          }),
        },
      },
    );
    expect(
      await screen.findByText(
        'Advisory: the proxies may do other than this says',
      ),
    ).toBeVisible();
    expect(screen.getByText(reason)).toBeVisible();
    await expectAccessible(container);
  });

  it('say what concerns something else of the same proxy on a line that opens', async () => {
    await renderWithFixtures(<MtlsSection />, {
      answers: {
        mtls: envelope(calmMtls, {
          confidence: {
            level: 'advisory',
            reasons: [{ direct: false, says: reason }],
          },
        }),
      },
    });
    expect(
      await screen.findByText('What else may change how these proxies behave'),
    ).toBeVisible();
    expect(screen.queryByText(/^Advisory/)).not.toBeInTheDocument();
  });

  it('stay calm where only defaults are assumed', async () => {
    await renderWithFixtures(<MtlsSection />, {
      answers: {
        mtls: envelope(calmMtls, {
          confidence: {
            level: 'assumed',
            reasons: [{ direct: false, says: 'Defaults are assumed.' }],
          },
        }),
      },
    });
    expect(await screen.findByText(/STRICT on every port/)).toBeVisible();
    expect(screen.queryByText('Defaults are assumed.')).not.toBeInTheDocument();
  });
});
