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
import { makeStyles } from '@material-ui/core/styles';
import { CopyTextButton } from '@backstage/core-components';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
} from '@mesh-portal/backstage-plugin-istio-common';
import { Stack } from './Stack';

const useStyles = makeStyles(theme => ({
  code: {
    display: 'flex',
    alignItems: 'flex-start',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  yaml: {
    flex: 1,
    minWidth: 0,
    margin: 0,
    padding: theme.spacing(1),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/** The entity carries no annotation that names its services: which ones there are, ready to copy. */
export function UnannotatedState() {
  const classes = useStyles();
  const { entity } = useEntity();
  const { name } = entity.metadata;
  const yaml = `metadata:
  name: ${name}
  annotations:
    # one of these is enough
    ${KUBERNETES_ID_ANNOTATION}: ${name}
    ${KUBERNETES_LABEL_SELECTOR_ANNOTATION}: app=${name}
    ${ISTIO_SERVICES_ANNOTATION}: my-namespace/${name}`;
  return (
    <Stack>
      <Typography variant="subtitle1" component="h4">
        This entity does not say which services it is
      </Typography>
      <Typography variant="body2">
        Add one of these annotations to its catalog file.
      </Typography>
      <div className={classes.code}>
        <pre className={classes.yaml}>{yaml}</pre>
        <CopyTextButton text={yaml} aria-label="Copy the annotations" />
      </div>
    </Stack>
  );
}
