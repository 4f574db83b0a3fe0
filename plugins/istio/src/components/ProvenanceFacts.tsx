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
import type { BackstageTheme } from '@backstage/theme';
import type { Provenance } from '@mesh-portal/backstage-plugin-istio-common';
import { nameOfObject } from '../format';
import { Refusals } from './Refusals';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  fact: {
    padding: theme.spacing(1, 0),
    '& + &': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  object: { fontWeight: 600, overflowWrap: 'anywhere' },
  path: {
    fontFamily: 'monospace',
    fontSize: '0.85em',
    overflowWrap: 'anywhere',
    color: theme.palette.text.secondary,
  },
  overrides: {
    marginTop: theme.spacing(0.5),
    paddingLeft: theme.spacing(1.5),
    borderLeft: `2px solid ${theme.palette.divider}`,
  },
}));

/** Is it the first fact about its object? What is said of the object is said once. */
function isFirstOf(facts: Provenance[], index: number): boolean {
  const name = nameOfObject(facts[index].object);
  return facts.findIndex(fact => nameOfObject(fact.object) === name) === index;
}

/** Objects and fields that decided an answer, each with what it overrode. */
export function ProvenanceFacts(props: { facts: Provenance[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {props.facts.map((fact, index) => (
        <li
          key={`${nameOfObject(fact.object)} ${fact.path ?? ''} ${index}`}
          className={classes.fact}
        >
          <div className={classes.object}>{nameOfObject(fact.object)}</div>
          {fact.path && <div className={classes.path}>{fact.path}</div>}
          <div>{fact.says}</div>
          {fact.refusals && isFirstOf(props.facts, index) && (
            <Refusals refusals={fact.refusals} />
          )}
          {fact.overrides && fact.overrides.length > 0 && (
            <div className={classes.overrides}>
              <div>overrides</div>
              <ProvenanceFacts facts={fact.overrides} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
