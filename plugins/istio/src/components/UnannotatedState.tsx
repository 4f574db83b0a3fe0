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
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
} from '@mesh-portal/backstage-plugin-istio-common';
import { CopyableText } from './CopyableText';
import { Stack } from './Stack';

/** The entity carries no annotation that names its services: which ones there are, ready to copy. */
export function UnannotatedState() {
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
      <CopyableText text={yaml} label="Copy the annotations" />
    </Stack>
  );
}
