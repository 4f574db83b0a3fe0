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
import type { ServiceRef } from '@mesh-portal/backstage-plugin-istio-common';

/** Names a service above its answers. Only where a card speaks of more than one. */
export function ServiceHeading(props: { service: ServiceRef; of: number }) {
  const { service, of } = props;
  if (of < 2) {
    return <></>;
  }
  return (
    <Typography variant="subtitle2" component="h4">
      {`${service.namespace}/${service.name} in ${service.cluster}`}
    </Typography>
  );
}
