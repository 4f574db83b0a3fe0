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

import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useEntity, useEntityRefLink } from '@backstage/plugin-catalog-react';

/** Where the tab is on an entity page. */
const DEPENDENCIES_TAB_PATH = '/mesh-dependencies';

/**
 * To the callers and dependencies of this entity.
 *
 * @param props.label - for screen readers, where the words alone do not say it
 */
export function DependenciesTabLink(props: {
  label?: string;
  children: ReactNode;
}) {
  const { entity } = useEntity();
  const entityLink = useEntityRefLink();
  return (
    <Link
      to={`${entityLink(entity)}${DEPENDENCIES_TAB_PATH}`}
      aria-label={props.label}
    >
      {props.children}
    </Link>
  );
}
