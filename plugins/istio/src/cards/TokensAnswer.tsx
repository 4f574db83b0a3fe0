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

import type { RequestAuthenticationView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  PlainList,
  ProvenancePopover,
  Section,
  Stack,
  VerdictLine,
} from '../components';

/**
 * Which tokens are accepted, and where one is needed. Nothing where tokens play no part.
 *
 * @param props.full - also where tokens are looked for, and where their keys come from
 */
export function TokensAnswer(props: {
  answer: RequestAuthenticationView;
  full?: boolean;
}) {
  const { answer, full } = props;
  const { state, verdict, issuers } = answer;
  if (state === 'none' && verdict.state === 'not-applicable') {
    return <></>;
  }
  return (
    <Section title="Tokens (JWT)">
      <Stack tight>
        <VerdictLine verdict={verdict} />
        {full && (
          <PlainList label="Issuers whose tokens are accepted">
            {issuers.map(issuer => (
              <li
                key={`${issuer.issuer} ${issuer.enforcedBy} ${
                  issuer.provenance.path ?? ''
                }`}
              >
                <strong>{issuer.issuer}</strong>
                {issuer.audiences.length > 0 &&
                  ` for ${issuer.audiences.join(' or ')}`}
                {`, checked by the ${
                  issuer.enforcedBy
                }; looked for in ${issuer.locations.join(', ')}; keys ${
                  issuer.keys
                } `}
                <ProvenancePopover
                  subject={`Tokens of ${issuer.issuer}`}
                  facts={[issuer.provenance]}
                />
              </li>
            ))}
          </PlainList>
        )}
      </Stack>
    </Section>
  );
}
