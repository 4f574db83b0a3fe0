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

import { useState } from 'react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { Link } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import type {
  ServiceRef,
  TriageEvidence as Evidence,
} from '@mesh-portal/backstage-plugin-istio-common';
import { PlainList } from '../../components';
import { fillLink, isQueryLink, readLinkTemplates } from '../../links';
import { momentWords } from './triageWords';

const HALF_HOUR_SECONDS = 1800;

const useStyles = makeStyles<BackstageTheme>(theme => ({
  query: {
    display: 'block',
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    fontSize: '0.8rem',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2) },
}));

function CopyQuery(props: { query: string; title: string }) {
  const [said, setSaid] = useState('Copy the query');
  const copy = async () => {
    try {
      await window.navigator.clipboard.writeText(props.query);
      setSaid('Copied');
    } catch {
      setSaid('Copying is not allowed here: select the text');
    }
  };
  return (
    <Button
      size="small"
      variant="outlined"
      onClick={copy}
      aria-label={`${said}: ${props.title}`}
    >
      {said}
    </Button>
  );
}

/** The queries behind an answer, to be repeated by hand; with a link where `istio.links` has one for queries. */
export function TriageEvidence(props: {
  evidence: Evidence[];
  service: ServiceRef;
}) {
  const classes = useStyles();
  const { evidence, service } = props;
  const templates = readLinkTemplates(useApi(configApiRef)).filter(isQueryLink);
  const now = Date.now();
  return (
    <PlainList label="Queries">
      {evidence.map(({ title, query, at }) => {
        const seconds = Date.parse(at) / 1000;
        const links = templates.flatMap(template => {
          const url = fillLink(template, {
            service,
            query,
            from: seconds - HALF_HOUR_SECONDS,
            to: seconds,
          });
          return url === undefined ? [] : [{ title: template.title, url }];
        });
        return (
          <li key={`${title} ${at}`}>
            <details>
              <summary>
                {`${title} (evaluated at ${momentWords(at, now)})`}
              </summary>
              <code className={classes.query}>{query}</code>
              <div>{`Evaluated at ${at}`}</div>
            </details>
            <div className={classes.actions}>
              <CopyQuery query={query} title={title} />
              {links.map(link => (
                <Link key={link.title} to={link.url}>
                  {link.title}
                </Link>
              ))}
            </div>
          </li>
        );
      })}
    </PlainList>
  );
}
