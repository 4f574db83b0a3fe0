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

import { makeStyles } from '@material-ui/core/styles';
import type {
  OverviewView,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  Notice,
  PlainList,
  ProvenancePopover,
  Stack,
  VerdictDisclosure,
  VerdictLine,
} from '../components';

const useStyles = makeStyles(theme => ({
  chips: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

const SUBJECTS = [
  ['membership', 'In the mesh'],
  ['mtls', 'mTLS'],
  ['routes', 'Routes'],
  ['exposure', 'Exposure'],
  ['authorization', 'Authorization'],
  ['signals', 'Golden signals'],
] as const;

/** The verdict the headline speaks of: the first that has the state of the whole. */
function headlineFacts(view: OverviewView): Verdict['facts'] {
  const decisive = SUBJECTS.map(([subject]) => view[subject]).find(
    verdict => verdict.state === view.state,
  );
  return decisive?.facts ?? [];
}

/** The headline, what deserves attention about the pods, and the verdicts behind it as chips. */
export function OverviewAnswer(props: { view: OverviewView }) {
  const classes = useStyles();
  const { view } = props;
  return (
    <Stack>
      <VerdictLine
        strong
        verdict={{
          state: view.state,
          reason: view.headline,
          facts: headlineFacts(view),
        }}
      />
      {view.remarks.length > 0 && (
        <Notice severity="warning" title="Pods that deserve a look">
          <PlainList>
            {view.remarks.map(({ reason, facts }) => (
              <li key={reason}>
                {`${reason} `}
                <ProvenancePopover
                  ask="Which pods?"
                  subject={reason}
                  facts={facts}
                />
              </li>
            ))}
          </PlainList>
        </Notice>
      )}
      <ul className={classes.chips} aria-label="Verdicts">
        {SUBJECTS.map(([subject, title]) => (
          <li key={subject}>
            <VerdictDisclosure title={title} verdict={view[subject]} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}
