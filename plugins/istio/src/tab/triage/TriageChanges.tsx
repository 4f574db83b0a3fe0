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

import type { TriageChange } from '@mesh-portal/backstage-plugin-istio-common';
import { EmptyAnswer, PlainList, Stack } from '../../components';
import { nameOfObject } from '../../format';
import { changeWords, momentWords, RELATION_WORDS } from './triageWords';

/** Objects that were changed near the beginning, the likeliest first; since when this portal sees changes. */
export function TriageChanges(props: {
  changes: TriageChange[];
  seenSince: string | undefined;
  hasBeginning: boolean;
}) {
  const { changes, seenSince, hasBeginning } = props;
  const now = Date.now();
  return (
    <Stack tight>
      {changes.length === 0 ? (
        <EmptyAnswer>
          {hasBeginning
            ? 'No object that could concern it was changed in the half hour before.'
            : 'No object that could concern it was changed in the last two hours.'}
        </EmptyAnswer>
      ) : (
        <PlainList label="Changes">
          {changes.map(change => (
            <li
              key={`${change.cluster} ${nameOfObject(change.object)} ${
                change.at
              } ${change.what}`}
            >
              <strong>{nameOfObject(change.object)}</strong>
              {` (${RELATION_WORDS[change.relation]})`}
              <div>{changeWords(change, now)}</div>
              {change.fields.map(field => (
                <div key={field}>
                  <code>{field}</code>
                </div>
              ))}
            </li>
          ))}
        </PlainList>
      )}
      {seenSince !== undefined && (
        <EmptyAnswer>
          {`Deletions, and what a field was before, are seen by this portal since ${momentWords(
            seenSince,
            now,
          )}.`}
        </EmptyAnswer>
      )}
    </Stack>
  );
}
