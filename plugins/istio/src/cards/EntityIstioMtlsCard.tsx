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

import {
  CardBoundary,
  EntityViewCard,
  ServiceMeshTabLink,
} from '../components';
import { useMtls } from '../queries';
import { MtlsAnswer } from './MtlsAnswer';

function MtlsCard() {
  return (
    <EntityViewCard
      title="mTLS"
      query={useMtls()}
      lines={5}
      metrics
      action={<ServiceMeshTabLink section="mtls" subject="mTLS" />}
    >
      {(view, { observed }) => (
        <MtlsAnswer view={view} window={observed?.window} />
      )}
    </EntityViewCard>
  );
}

/** Is the traffic of this entity encrypted: on which port, since which policy, and what was observed. */
export function EntityIstioMtlsCard() {
  return (
    <CardBoundary>
      <MtlsCard />
    </CardBoundary>
  );
}
