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

import Button from '@material-ui/core/Button';
import Box from '@material-ui/core/Box';
import { Notice } from './Notice';
import { viewErrorWords } from './viewErrorWords';

/** A failed request: what happened, what to do, the back end's own words, and a button to try again. */
export function ErrorState(props: { error: unknown; onRetry: () => void }) {
  const words = viewErrorWords(props.error);
  return (
    <div role="alert">
      <Notice severity="warning" title={words.title}>
        <div>{words.remedy}</div>
        {words.detail && <div>{`Message: ${words.detail}`}</div>}
        <Box mt={1}>
          <Button size="small" variant="outlined" onClick={props.onRetry}>
            Try again
          </Button>
        </Box>
      </Notice>
    </div>
  );
}
