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

import type { Confidence } from '@mesh-portal/backstage-plugin-istio-common';
import { Notice } from './Notice';
import { ProvenancePopover } from './ProvenancePopover';

const TITLE = 'Advisory: the proxies may do other than this says';

/** Says that something acts whose effect cannot be computed, and names it. Nothing where the answer is certain. */
export function ConfidenceNotice(props: {
  confidence: Confidence | undefined;
}) {
  const { confidence } = props;
  if (!confidence || confidence.level === 'certain') {
    return <></>;
  }
  const { reasons } = confidence;
  const [first, ...more] = reasons;
  return (
    <Notice severity="info" title={TITLE}>
      {first?.says}
      {more.length > 0 && ` And ${more.length} more.`}{' '}
      <ProvenancePopover subject={TITLE} facts={reasons} />
    </Notice>
  );
}
