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

import { screen } from '@testing-library/react';
import { expectAccessible } from '../__testUtils__/expectAccessible';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { istioObject } from '../testing/fixtures';
import { ProvenanceFacts } from './ProvenanceFacts';

const refused = {
  object: istioObject('VirtualService', 'reviews'),
  path: 'spec.http[0]',
  says: 'It decides.',
  refusals: [
    { path: 'spec.http[0].retries.retryOn', message: 'gateway-eror is wrong' },
  ],
};

describe('the objects that decided an answer', () => {
  it('tell once of an object for what istiod would refuse it', async () => {
    const { container } = await renderWithFixtures(
      <ProvenanceFacts
        facts={[
          refused,
          { ...refused, path: 'spec.http[1]', says: 'It decides here, too.' },
          { object: istioObject('DestinationRule', 'reviews'), says: 'Sound.' },
        ]}
      />,
    );
    expect(screen.getByText('gateway-eror is wrong')).toBeVisible();
    expect(
      screen.getByText('istiod would refuse this object today'),
    ).toBeVisible();
    await expectAccessible(container);
  });
});
