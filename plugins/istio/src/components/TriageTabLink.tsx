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

/** Where the tab of triage is on an entity page. */
export const TRIAGE_TAB_PATH = '/triage';

/** From a card that shows trouble to what changed, since when and for whom. */
export function TriageTabLink() {
  const { entity } = useEntity();
  const entityLink = useEntityRefLink();
  return (
    <Link to={`${entityLink(entity)}${TRIAGE_TAB_PATH}`}>
      What changed, since when and for whom: triage
    </Link>
  );
}
