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

import {
  absoluteConfigs,
  busyPorts,
  firstPage,
  portalReady,
  readConfig,
  startPortal,
} from './portal.mjs';

// Starts the portal: front end, back end and, when configured, the demo mesh. Arguments go to the Backstage command
// line, for example: npm start -- --config app-config.yaml --config app-config.kubectl-proxy.yaml

const argv = absoluteConfigs(process.argv.slice(2));
const config = await readConfig(argv);

const busy = await busyPorts(config);
if (busy.length > 0) {
  console.error(`\n${busy.join('\n')}\n`);
  process.exit(1);
}

const portal = startPortal({ argv });
let exited = false;
let stopping = false;

portal.child.on('exit', code => {
  exited = true;
  if (!stopping) {
    console.error(`\nThe portal stopped by itself (exit code ${code}).\n`);
    process.exit(code ?? 1);
  }
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    await portal.stop();
    process.exit(0);
  });
}

if (await portalReady(config, { gaveUp: () => exited || stopping })) {
  console.log(`\n  Portal ready: ${firstPage(config)}\n`);
} else if (!stopping && !exited) {
  console.error(
    '\nThe portal did not answer within ten minutes; the lines above say why.\n',
  );
  stopping = true;
  await portal.stop();
  process.exit(1);
}
