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
import { ISTIO_SERVICES_ANNOTATION } from '@mesh-portal/backstage-plugin-istio-common';
import { renderWithFixtures } from '../__testUtils__/renderWithFixtures';
import { reviewsEntity } from '../testing/entities';
import { KubernetesTabLink } from './KubernetesTabLink';

describe('link to the Kubernetes tab', () => {
  it('leads to the tab of this entity', async () => {
    await renderWithFixtures(<KubernetesTabLink />);
    expect(
      screen.getByRole('link', { name: /in the Kubernetes tab/ }),
    ).toHaveAttribute('href', '/catalog/default/component/reviews/kubernetes');
  });

  it('is absent where the Kubernetes plugin knows nothing of the entity', async () => {
    await renderWithFixtures(<KubernetesTabLink />, {
      entity: {
        ...reviewsEntity,
        metadata: {
          ...reviewsEntity.metadata,
          annotations: { [ISTIO_SERVICES_ANNOTATION]: 'bookinfo/reviews' },
        },
      },
    });
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });
});
