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
import { CopyTextButton } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  DependenciesView,
  DependencyDifference,
} from '@mesh-portal/backstage-plugin-istio-common';
import { Notice, PlainList, Section, Stack } from '../../components';

const useStyles = makeStyles(theme => ({
  link: { textDecoration: 'underline' },
  yaml: { display: 'flex', alignItems: 'flex-start', minWidth: 0 },
  code: {
    margin: 0,
    padding: theme.spacing(1),
    background: theme.palette.background.default,
    overflowX: 'auto',
    flex: 1,
    minWidth: 0,
  },
}));

/** Differences by the entity whose file is meant. */
function byFile(
  differences: DependencyDifference[],
): Array<[string, DependencyDifference[]]> {
  const files = new Map<string, DependencyDifference[]>();
  for (const difference of differences) {
    files.set(difference.of, [...(files.get(difference.of) ?? []), difference]);
  }
  return [...files];
}

function yamlOf(differences: DependencyDifference[]): string {
  return [
    'spec:',
    '  dependsOn:',
    ...differences.flatMap(({ line }) => (line ? [`    ${line}`] : [])),
  ].join('\n');
}

function Yaml(props: { text: string; label: string }) {
  const classes = useStyles();
  const { text, label } = props;
  const focusable = { tabIndex: 0 };
  return (
    <div className={classes.yaml}>
      <pre
        className={classes.code}
        role="region"
        aria-label={label}
        {...focusable}
      >
        {text}
      </pre>
      <CopyTextButton
        text={text}
        tooltipText="Copied"
        aria-label={`Copy: ${label}`}
      />
    </div>
  );
}

function DifferenceList(props: {
  label: string;
  differences: DependencyDifference[];
}) {
  const classes = useStyles();
  return (
    <PlainList label={props.label}>
      {props.differences.map(({ of, target, reason }) => (
        <li key={`${of} ${target}`}>
          <EntityRefLink entityRef={of} className={classes.link} />
          {' → '}
          <EntityRefLink entityRef={target} className={classes.link} />
          {`: ${reason}`}
        </li>
      ))}
    </PlainList>
  );
}

function Differences(props: {
  title: string;
  differences: DependencyDifference[];
  settle?: (of: string) => string;
}) {
  const { title, differences, settle } = props;
  if (differences.length === 0) return <></>;
  return (
    <Section title={title}>
      <Stack tight>
        <DifferenceList label={title} differences={differences} />
        {settle &&
          byFile(differences).map(([of, ofFile]) => (
            <div key={of}>
              <div>{settle(of)}</div>
              <Yaml text={yamlOf(ofFile)} label={settle(of)} />
            </div>
          ))}
      </Stack>
    </Section>
  );
}

/** What the catalog declares against what was seen, with the lines that settle it. */
export function CatalogDifferences(props: {
  catalog: DependenciesView['catalog'];
}) {
  const { state, reason, undeclared, unused, notObservable } = props.catalog;
  if (state === 'unknown') {
    return (
      <Notice severity="info" title="The catalog is not compared">
        {reason}
      </Notice>
    );
  }
  const none = undeclared.length + unused.length + notObservable.length === 0;
  return (
    <Stack>
      <div>{none ? `No difference: ${reason}.` : `Compared: ${reason}.`}</div>
      <Differences
        title="Called, but not declared"
        differences={undeclared}
        settle={of => `To declare it, add to the file of ${of}`}
      />
      <Differences
        title="Declared, but no traffic observed"
        differences={unused}
        settle={of => `If it is no longer used, remove from the file of ${of}`}
      />
      <Differences
        title="Declared, and cannot be observed"
        differences={notObservable}
      />
    </Stack>
  );
}
