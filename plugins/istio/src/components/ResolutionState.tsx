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

import Typography from '@material-ui/core/Typography';
import CheckIcon from '@material-ui/icons/Check';
import CloseIcon from '@material-ui/icons/Close';
import RemoveIcon from '@material-ui/icons/Remove';
import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import type {
  EntityResolution,
  ResolutionStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import { Notice } from './Notice';
import { Stack } from './Stack';

const TITLES: Record<EntityResolution['state'], string> = {
  resolved: 'Found',
  unannotated: 'This entity does not say which services it is',
  'no-match': 'No service or workload matches this entity',
  'invalid-annotation': 'An annotation of this entity is not valid',
  unknown: 'It is not known which services this entity is',
};

const OUTCOME: Record<
  ResolutionStep['outcome'],
  { words: string; Icon: typeof CheckIcon }
> = {
  found: { words: 'found', Icon: CheckIcon },
  nothing: { words: 'nothing found', Icon: CloseIcon },
  failed: { words: 'failed', Icon: CloseIcon },
  skipped: { words: 'skipped', Icon: RemoveIcon },
};

const useStyles = makeStyles<BackstageTheme>(theme => ({
  steps: { listStyle: 'none', margin: 0, padding: 0 },
  step: {
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 0),
    '& svg': { fontSize: '1.1rem', flexShrink: 0, marginTop: 2 },
    '& > div': { minWidth: 0, overflowWrap: 'anywhere' },
  },
  detail: { color: theme.palette.text.secondary },
}));

/** How the entity was looked up, step by step. */
export function ResolutionSteps(props: { steps: ResolutionStep[] }) {
  const classes = useStyles();
  return (
    <ol className={classes.steps} aria-label="How it was looked up">
      {props.steps.map((step, index) => {
        const { words, Icon } = OUTCOME[step.outcome];
        return (
          <li key={`${index} ${step.step}`} className={classes.step}>
            <Icon aria-hidden />
            <div>
              <div>{`${step.step}: ${words}`}</div>
              <div className={classes.detail}>{step.detail}</div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/**
 * Nothing was found for the entity: which step failed, and what to write.
 *
 * @param props.inFull - show the steps; otherwise they open on demand
 */
export function ResolutionState(props: {
  resolution: EntityResolution;
  inFull?: boolean;
}) {
  const { resolution, inFull } = props;
  return (
    <Stack>
      <Typography variant="subtitle1" component="h4">
        {TITLES[resolution.state]}
      </Typography>
      {inFull ? (
        <ResolutionSteps steps={resolution.steps} />
      ) : (
        <details>
          <summary>How it was looked up</summary>
          <ResolutionSteps steps={resolution.steps} />
        </details>
      )}
      {resolution.remedy && (
        <Notice severity="info" title="What to do">
          {resolution.remedy}
        </Notice>
      )}
    </Stack>
  );
}
