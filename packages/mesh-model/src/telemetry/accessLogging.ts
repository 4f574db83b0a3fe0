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

import type { SlimObjectByKind, TelemetryAccessLogging } from '../objects';
import type { ActingObject } from '../scoping/attachedPolicies';
import {
  lastStatement,
  provenanceOf,
  type Provenance,
  type Decided,
  type Statement,
} from '../verdict';
import { nameOf, partsOf, type TelemetryPart } from './parts';
import {
  MESH_CONFIG_UNREADABLE,
  meshProvenance,
  providerUse,
  type ProviderUse,
  type MeshDefaults,
} from './providers';
import { modeConcerns, type TelemetrySide } from './sides';

/** A provider that gets the access log of a side. */
export interface LogProvider {
  /** `envoy` writes to the proxy's standard output */
  name: Decided<string>;
  /** CEL expression; only requests for which it is true are logged */
  filter?: Decided<string>;
  use: ProviderUse;
}

/** The access log of one side of a proxy. R8.23 */
export interface AccessLogSettings {
  side: TelemetrySide;
  state: 'on' | 'off' | 'unknown';
  /** one sentence */
  says: string;
  providers: readonly LogProvider[];
  /** what switched it off, or what decided about it */
  provenance?: Provenance;
}

type Level = ActingObject<SlimObjectByKind['Telemetry']>;
type Part = TelemetryPart<TelemetryAccessLogging>;

function namesOf(logging: TelemetryAccessLogging): readonly string[] {
  return (logging.providers ?? []).map(({ name }) => name);
}

function legacy(
  side: TelemetrySide,
  { config, readable }: MeshDefaults,
): AccessLogSettings {
  if (!readable) {
    return {
      side,
      state: 'unknown',
      says: MESH_CONFIG_UNREADABLE,
      providers: [],
    };
  }
  if (config.accessLogFile === '') {
    return {
      side,
      state: 'off',
      says: 'No Telemetry, no default provider and no accessLogFile of the mesh configuration asks for an access log',
      providers: [],
    };
  }
  const says = `The mesh configuration writes the access log to ${config.accessLogFile}`;
  const provenance = meshProvenance(config, 'accessLogFile', says);
  return {
    side,
    state: 'on',
    says,
    providers: [
      {
        name: {
          value: 'envoy',
          says,
          ...(provenance && { provenance }),
        },
        use: { state: 'on' },
      },
    ],
    ...(provenance && { provenance }),
  };
}

/** The providers that count in the end: those of the last level that names any for this side. */
function inScope(
  levels: readonly Level[],
  side: TelemetrySide,
  defaults: readonly string[],
): ReadonlySet<string> {
  let names = defaults;
  for (const level of levels) {
    const ofLevel = partsOf([level], 'accessLogging')
      .filter(part => modeConcerns(part.value.match?.mode, side))
      .flatMap(part => namesOf(part.value));
    names = ofLevel.length === 0 ? names : ofLevel;
  }
  return new Set(names);
}

/** What is said about one provider, in order; the last decides. */
type Running = Statement<true>[];

function byDefault(name: string, { config }: MeshDefaults): Running {
  const says = `The mesh configuration makes ${name} a default provider`;
  const provenance = meshProvenance(
    config,
    'defaultProviders.accessLogging',
    says,
  );
  return [{ value: true, says, ...(provenance && { provenance }) }];
}

function byPart(part: Part, name: string): Statement<true> {
  const says = `Telemetry ${nameOf(part)} logs to ${name}`;
  return {
    value: true,
    says,
    provenance: provenanceOf(
      part.object,
      namesOf(part.value).length === 0 ? part.path : `${part.path}.providers`,
      says,
    ),
  };
}

/** The filter of a provider: that of the last entry that names the provider; one of an entry without providers is lost. */
function filterOf(
  parts: readonly Part[],
  name: string,
): Decided<string> | undefined {
  const part = parts
    .filter(({ value }) => namesOf(value).includes(name))
    .at(-1);
  const expression = part?.value.filter?.expression;
  if (part === undefined || expression === undefined) {
    return undefined;
  }
  const says = `Telemetry ${nameOf(part)} logs only what matches`;
  return {
    value: expression,
    says,
    provenance: provenanceOf(
      part.object,
      `${part.path}.filter.expression`,
      says,
    ),
  };
}

function providersOf(
  running: ReadonlyMap<string, Running>,
  parts: readonly Part[],
  mesh: MeshDefaults,
): LogProvider[] {
  return [...running].flatMap(([name, statements]) => {
    const last = lastStatement(statements);
    const filter = filterOf(parts, name);
    return last === undefined
      ? []
      : [
          {
            name: { ...last, value: name },
            ...(filter && { filter }),
            use: providerUse(mesh, name, 'access logs'),
          },
        ];
  });
}

/** Runs through all entries in order: who logs in the end, and what last switched a provider off. */
function follow(
  side: TelemetrySide,
  levels: readonly Level[],
  mesh: MeshDefaults,
): { running: ReadonlyMap<string, Running>; stopped?: Provenance } {
  const defaults = mesh.config.defaultProviders.accessLogging ?? [];
  const parts = partsOf(levels, 'accessLogging');
  if (parts.length === 0) {
    return {
      running: new Map(defaults.map(name => [name, byDefault(name, mesh)])),
    };
  }
  const scope = inScope(levels, side, defaults);
  const running = new Map<string, Running>();
  let inherited = defaults;
  let stopped: Provenance | undefined;
  for (const part of parts) {
    const names = namesOf(part.value);
    inherited = names.length === 0 ? inherited : names;
    if (!modeConcerns(part.value.match?.mode, side)) {
      continue;
    }
    for (const name of inherited.filter(each => scope.has(each))) {
      if (part.value.disabled === true) {
        running.delete(name);
        stopped = provenanceOf(
          part.object,
          `${part.path}.disabled`,
          `Telemetry ${nameOf(part)} disables the access log to ${name}`,
        );
      } else {
        running.set(name, [...(running.get(name) ?? []), byPart(part, name)]);
      }
    }
  }
  return { running, ...(stopped && { stopped }) };
}

/**
 * Where one side writes its access log. Entries of one Telemetry add up their providers, levels replace each other's; an
 * entry without providers switches the inherited ones on or off; the last that speaks to a provider decides whether it is
 * disabled, the last that names it what filters it. R8.20, R8.23
 */
export function accessLogOfSide(
  side: TelemetrySide,
  levels: readonly Level[],
  mesh: MeshDefaults,
): AccessLogSettings {
  const defaults = mesh.config.defaultProviders.accessLogging ?? [];
  if (
    levels.every(
      ({ object }) => (object.spec.accessLogging ?? []).length === 0,
    ) &&
    defaults.length === 0
  ) {
    return legacy(side, mesh);
  }
  const { running, stopped } = follow(side, levels, mesh);
  const parts = partsOf(levels, 'accessLogging').filter(part =>
    modeConcerns(part.value.match?.mode, side),
  );
  const providers = providersOf(running, parts, mesh);
  const problems = providers.flatMap(({ use }) =>
    use.state === 'on' ? [] : use.says,
  );
  const present = providers.filter(({ use }) => use.state === 'on');
  if (present.length > 0) {
    const { provenance } = present[0].name;
    return {
      side,
      state: 'on',
      says: [...present.map(({ name }) => name.says), ...problems].join('; '),
      providers,
      ...(provenance && { provenance }),
    };
  }
  const undecided = !mesh.readable && stopped === undefined;
  const perhaps = providers.some(({ use }) => use.state === 'unknown');
  const off =
    stopped?.says ??
    (problems.length === 0
      ? 'A Telemetry asks for an access log and neither it nor the mesh configuration names a provider'
      : problems.join('; '));
  return {
    side,
    state: undecided || perhaps ? 'unknown' : 'off',
    says: undecided ? MESH_CONFIG_UNREADABLE : off,
    providers,
    ...(stopped && { provenance: stopped }),
  };
}
