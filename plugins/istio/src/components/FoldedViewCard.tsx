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

import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import Button from '@material-ui/core/Button';
import type {
  EntityViewName,
  EntityViews,
  Verdict,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import { EntityViewCard } from './EntityViewCard';
import type { EntityViewBodyProps } from './EntityViewBody';
import { Stack } from './Stack';
import { VerdictLine } from './VerdictLine';

/**
 * A card whose answer in words is always shown and whose details open: by themselves where something is wrong or where
 * the address points, else when asked to.
 *
 * @param props.section - id of the section, as in the fragment of the address
 * @param props.verdictsOf - the answers in words, one a service or workload
 * @param props.onReset - what to do when asked to start over after an error
 * @param props.children - the details
 */
export function FoldedViewCard<V extends EntityViewName>(
  props: Omit<EntityViewBodyProps<V>, 'loadingLabel' | 'children'> & {
    title: string;
    section: string;
    onReset?: () => void;
    verdictsOf: (view: EntityViews[V]) => { key: string; verdict: Verdict }[];
    children: (
      view: EntityViews[V],
      envelope: ViewEnvelope<EntityViews[V]>,
    ) => ReactNode;
  },
) {
  const { title, section, verdictsOf, onReset, children, ...card } = props;
  const { hash } = useLocation();
  const [chosen, setChosen] = useState<boolean>();
  const detailsId = useId();
  const { data } = card.query;
  const resolved =
    data !== undefined &&
    (data.resolution === undefined || data.resolution.state === 'resolved');
  const verdicts = resolved ? verdictsOf(data.view) : [];
  const open =
    chosen ??
    (verdicts.length === 0 ||
      hash === `#${section}` ||
      verdicts.some(({ verdict }) => verdict.state === 'fail'));
  return (
    <EntityViewCard
      {...card}
      title={title}
      action={
        <>
          {onReset && card.query.isError && (
            <Button size="small" onClick={onReset}>
              Start over
            </Button>
          )}
          {verdicts.length > 0 && (
            <Button
              size="small"
              aria-expanded={open}
              aria-controls={detailsId}
              aria-label={`${open ? 'Hide' : 'Show'} details of ${title}`}
              onClick={() => setChosen(!open)}
            >
              {open ? 'Hide details' : 'Show details'}
            </Button>
          )}
        </>
      }
    >
      {(view, envelope) => (
        <Stack>
          {verdictsOf(view).map(({ key, verdict }) => (
            <VerdictLine key={key} strong verdict={verdict} />
          ))}
          <div id={detailsId} hidden={!open}>
            {open && children(view, envelope)}
          </div>
        </Stack>
      )}
    </EntityViewCard>
  );
}
