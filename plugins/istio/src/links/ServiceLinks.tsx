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
import { fillLink, readLinkTemplates } from './linkTemplates';

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

/** The configured links out, for each service. Nothing where none is configured. */
export function ServiceLinks(props: { services: ServiceRef[] }) {
  const classes = useStyles();
  const { services } = props;
  const templates = readLinkTemplates(useApi(configApiRef));
  if (templates.length === 0 || services.length === 0) {
    return <></>;
  }
  return (
    <ul className={classes.list} aria-label="Other tools">
      {services.flatMap(service =>
        templates.map(template => {
          const words =
            services.length === 1
              ? template.title
              : `${template.title} (${service.namespace}/${service.name})`;
          return (
            <li key={`${service.cluster} ${service.host} ${template.title}`}>
              <Link to={fillLink(template, service)}>{words}</Link>
            </li>
          );
        }),
      )}
    </ul>
  );
}
