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

import { Notice } from './Notice';

/**
 * The person may not see this.
 *
 * @param props.permission - name of the permission that is missing
 */
export function ForbiddenState(props: { permission: string }) {
  return (
    <Notice severity="info" title="You may not see this">
      <div>
        It needs the permission <code>{props.permission}</code>. Ask the
        portal’s operators, or the owner of this entity, to grant it.
      </div>
    </Notice>
  );
}
