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

import { Link } from '@backstage/core-components';
import { useEntity, useEntityRefLink } from '@backstage/plugin-catalog-react';
import { isKubernetesAvailable } from '@backstage/plugin-kubernetes';

/** Where the Kubernetes plugin puts its tab on an entity page. */
const KUBERNETES_TAB_PATH = '/kubernetes';

/** To the pods of this entity in the tab of the Kubernetes plugin. Nothing where that tab has nothing to show. */
export function KubernetesTabLink() {
  const { entity } = useEntity();
  const entityLink = useEntityRefLink();
  if (!isKubernetesAvailable(entity)) {
    return <></>;
  }
  return (
    <Link to={`${entityLink(entity)}${KUBERNETES_TAB_PATH}`}>
      Pods, logs and events in the Kubernetes tab
    </Link>
  );
}
