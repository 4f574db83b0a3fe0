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

import type { Json, JsonObject, MutableJsonObject } from './object';

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** How one field of a protobuf message is read. */
type FieldRule =
  | {
      readonly name: string;
      readonly type: 'string' | 'strings' | 'integer' | 'bool';
    }
  | { readonly name: string; readonly type: 'stringMap' | 'bytesMap' }
  | {
      readonly name: string;
      readonly type: 'message' | 'messages';
      readonly of: MessageRules;
    };

type MessageRules = { readonly [field: number]: FieldRule };

interface WireField {
  readonly number: number;
  readonly integer: number;
  readonly bytes: Buffer;
}

const METADATA: FieldRule = {
  name: 'metadata',
  type: 'message',
  of: {
    1: { name: 'name', type: 'string' },
    2: { name: 'generateName', type: 'string' },
    3: { name: 'namespace', type: 'string' },
    6: { name: 'resourceVersion', type: 'string' },
    11: { name: 'labels', type: 'stringMap' },
    12: { name: 'annotations', type: 'stringMap' },
    14: { name: 'finalizers', type: 'strings' },
  },
};

const CONTAINER: MessageRules = {
  1: { name: 'name', type: 'string' },
  2: { name: 'image', type: 'string' },
  3: { name: 'command', type: 'strings' },
  4: { name: 'args', type: 'strings' },
  6: {
    name: 'ports',
    type: 'messages',
    of: {
      1: { name: 'name', type: 'string' },
      3: { name: 'containerPort', type: 'integer' },
      4: { name: 'protocol', type: 'string' },
    },
  },
};

const DEPLOYMENT_SPEC: MessageRules = {
  1: { name: 'replicas', type: 'integer' },
  2: {
    name: 'selector',
    type: 'message',
    of: { 1: { name: 'matchLabels', type: 'stringMap' } },
  },
  3: {
    name: 'template',
    type: 'message',
    of: {
      1: METADATA,
      2: {
        name: 'spec',
        type: 'message',
        of: { 2: { name: 'containers', type: 'messages', of: CONTAINER } },
      },
    },
  },
};

/** Messages of the published k8s.io/api `generated.proto` files, as far as clients create them without a manifest. */
const KINDS: { readonly [kind: string]: MessageRules } = {
  'v1/Namespace': { 1: METADATA },
  'apps/v1/Deployment': {
    1: METADATA,
    2: { name: 'spec', type: 'message', of: DEPLOYMENT_SPEC },
  },
  'v1/ServiceAccount': { 1: METADATA },
  'v1/ConfigMap': {
    1: METADATA,
    2: { name: 'data', type: 'stringMap' },
    3: { name: 'binaryData', type: 'bytesMap' },
    4: { name: 'immutable', type: 'bool' },
  },
  'v1/Secret': {
    1: METADATA,
    2: { name: 'data', type: 'bytesMap' },
    3: { name: 'type', type: 'string' },
    4: { name: 'stringData', type: 'stringMap' },
    5: { name: 'immutable', type: 'bool' },
  },
};

function readVarint(
  data: Buffer,
  start: number,
): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let index = start; index < data.length; index += 1) {
    value += (data[index] % 128) * scale;
    scale *= 128;
    if (data[index] < 128) {
      return { value, end: index + 1 };
    }
  }
  throw new RangeError('the message ends inside a number');
}

function wireFields(data: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  while (at < data.length) {
    const key = readVarint(data, at);
    const number = Math.floor(key.value / 8);
    const wireType = key.value % 8;
    if (wireType === 0) {
      const { value, end } = readVarint(data, key.end);
      fields.push({ number, integer: value, bytes: Buffer.alloc(0) });
      at = end;
    } else if (wireType === 2) {
      const { value: length, end } = readVarint(data, key.end);
      if (end + length > data.length) {
        throw new RangeError(`field ${number} is longer than the message`);
      }
      const bytes = data.subarray(end, end + length);
      fields.push({ number, integer: 0, bytes });
      at = end + length;
    } else if (wireType === 1 || wireType === 5) {
      at = key.end + (wireType === 1 ? 8 : 4);
    } else {
      throw new RangeError(`field ${number} has wire type ${wireType}`);
    }
  }
  return fields;
}

function mapEntry(
  data: Buffer,
  encoding: 'utf8' | 'base64',
): readonly [string, string] {
  let key = '';
  let value = '';
  for (const field of wireFields(data)) {
    if (field.number === 1) {
      key = field.bytes.toString('utf8');
    } else if (field.number === 2) {
      value = field.bytes.toString(encoding);
    }
  }
  return [key, value];
}

function fieldValue(rule: FieldRule, field: WireField, before: Json): Json {
  switch (rule.type) {
    case 'string':
      return field.bytes.toString('utf8');
    case 'integer':
      return field.integer;
    case 'bool':
      return field.integer !== 0;
    case 'strings':
      return [
        ...(Array.isArray(before) ? before : []),
        field.bytes.toString('utf8'),
      ];
    case 'message':
      return decodeMessage(field.bytes, rule.of);
    case 'messages':
      return [
        ...(Array.isArray(before) ? before : []),
        decodeMessage(field.bytes, rule.of),
      ];
    default: {
      const encoding = rule.type === 'bytesMap' ? 'base64' : 'utf8';
      const [key, value] = mapEntry(field.bytes, encoding);
      return { ...(before as JsonObject | undefined), [key]: value };
    }
  }
}

/** Empty strings are absent in JSON, as the API's types have it. */
function decodeMessage(data: Buffer, rules: MessageRules): JsonObject {
  const message: MutableJsonObject = {};
  for (const field of wireFields(data)) {
    const rule = rules[field.number];
    const value = rule && fieldValue(rule, field, message[rule.name]);
    if (rule && value !== '') {
      message[rule.name] = value;
    }
  }
  return message;
}

/**
 * Decodes a body of media type `application/vnd.kubernetes.protobuf`: the magic `k8s\0`, then a `runtime.Unknown` with
 * the object's type and its bytes. `undefined` for a kind this server reads as JSON only.
 *
 * @throws RangeError when the bytes are no such message
 */
export function decodeKubernetesProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new RangeError('the body does not begin with "k8s" and a zero byte');
  }
  const envelope = wireFields(body.subarray(MAGIC.length));
  const typeMeta = decodeMessage(
    envelope.find(field => field.number === 1)?.bytes ?? Buffer.alloc(0),
    {
      1: { name: 'apiVersion', type: 'string' },
      2: { name: 'kind', type: 'string' },
    },
  );
  const rules = KINDS[`${typeMeta.apiVersion}/${typeMeta.kind}`];
  const raw = envelope.find(field => field.number === 2)?.bytes;
  return rules && raw && { ...typeMeta, ...decodeMessage(raw, rules) };
}
