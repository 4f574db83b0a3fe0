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
import { PlainList } from './PlainList';
import { ProvenancePopover } from './ProvenancePopover';

function Reasons(props: { reasons: Confidence['reasons'] }) {
  return (
    <PlainList>
      {props.reasons.map(({ says, provenance }) => (
        <li key={says}>
          {says}{' '}
          <ProvenancePopover
            subject={says}
            facts={provenance ? [provenance] : []}
          />
        </li>
      ))}
    </PlainList>
  );
}

/**
 * Says that the proxies may do other than the answer says, and why. What concerns the answer directly is said at once; what
 * only concerns the same proxy, or is assumed, on a line that opens. Nothing where nothing speaks against the answer.
 *
 * @param props.inFull - also say what is merely assumed
 */
export function ConfidenceNotice(props: {
  confidence: Confidence | undefined;
  inFull?: boolean;
}) {
  const { confidence, inFull } = props;
  if (!confidence || confidence.reasons.length === 0) {
    return <></>;
  }
  const { level, reasons } = confidence;
  const direct = reasons.filter(reason => reason.direct);
  const others = reasons.filter(reason => !reason.direct);
  const shown = level === 'advisory' || inFull;
  return (
    <>
      {direct.length > 0 && (
        <Notice
          severity="info"
          title="Advisory: the proxies may do other than this says"
        >
          <Reasons reasons={direct} />
        </Notice>
      )}
      {others.length > 0 && shown && (
        <details>
          <summary>
            {level === 'advisory'
              ? 'What else may change how these proxies behave'
              : 'What this answer assumes'}
          </summary>
          <Reasons reasons={others} />
        </details>
      )}
    </>
  );
}
