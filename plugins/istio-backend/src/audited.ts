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

import type { AuditorService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';

/**
 * Runs `task` inside an audit event of low severity (a read). An audit log that fails does not delay or fail the
 * answer.
 */
export async function audited<T>(
  auditor: AuditorService,
  event: { eventId: string; request: Request; meta: JsonObject },
  task: () => Promise<T>,
): Promise<T> {
  const opened = auditor
    .createEvent({ ...event, severityLevel: 'low' })
    .catch(() => undefined);
  try {
    const result = await task();
    opened.then(audit => audit?.success()).catch(() => undefined);
    return result;
  } catch (error) {
    opened
      .then(audit => audit?.fail({ error: toError(error) }))
      .catch(() => undefined);
    throw error;
  }
}
