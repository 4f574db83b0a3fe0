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

import { Link } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { ServiceRef } from '@mesh-portal/backstage-plugin-istio-common';
import { fillLink, type LinkSubject, readLinkTemplates } from './linkTemplates';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

/**
 * The configured links out, for each service. Nothing where none is configured.
 *
 * @param props.about - what else links may name: the span to look at, a version, a caller
 */
export function ServiceLinks(props: {
  services: ServiceRef[];
  about?: Omit<LinkSubject, 'service'>;
}) {
  const classes = useStyles();
  const { services, about = {} } = props;
  const templates = readLinkTemplates(useApi(configApiRef));
  if (templates.length === 0 || services.length === 0) {
    return <></>;
  }
  return (
    <ul className={classes.list} aria-label="Other tools">
      {services.flatMap(service =>
        templates.flatMap(template => {
          const url = fillLink(template, { ...about, service });
          if (url === undefined) {
            return [];
          }
          const words =
            services.length === 1
              ? template.title
              : `${template.title} (${service.namespace}/${service.name})`;
          return [
            <li key={`${service.cluster} ${service.host} ${template.title}`}>
              <Link to={url}>{words}</Link>
            </li>,
          ];
        }),
      )}
    </ul>
  );
}
