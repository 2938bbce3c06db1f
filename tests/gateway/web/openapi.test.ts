import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenApi, Operation } from '../../../gateway/web/api/openapi-document.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';

let bed: ApiBed;
let document: OpenApi & { openapi: string };
beforeAll(async () => {
  bed = await openApiBed();
  document = (await bed.app.inject('/openapi.json')).json();
});
afterAll(() => bed.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );

describe('the OpenAPI document', () => {
  test('is one by the judgement of an independent validator', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document) as never);
    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version, document.openapi]).toEqual([true, '3.1', '3.1.0']);
    const broken = { ...structuredClone(document), paths: { nowhere: {} } };
    expect((await new Validator().validate(broken as never)).valid).toBe(false);
  });

  test('has an example of every parameter, body and answer, and each keeps to its schema', () => {
    const ajv = new Ajv2020({ strict: false });
    const faults: string[] = [];
    const check = (name: string, { schema, example }: { schema?: object; example?: unknown }) => {
      if (example === undefined) faults.push(`${name}: no example`);
      else if (schema && !ajv.validate(schema, example)) faults.push(`${name}: ${ajv.errorsText()}`);
    };
    expect(operations().length).toBeGreaterThan(40);
    for (const [name, operation] of operations()) {
      for (const parameter of operation.parameters ?? []) check(`${name} ${parameter.name}`, parameter);
      const answers = Object.entries(operation.responses ?? {});
      const [status, answer] = answers.find(([code]) => code.startsWith('2')) ?? ['none'];
      if (status !== '204' && Object.keys(answer?.content ?? {}).length === 0)
        faults.push(`${name}: no answer`);
      if (!operation.responses?.['default']) faults.push(`${name}: no errors`);
      for (const part of [operation.requestBody, ...answers.map(([, each]) => each)]) {
        for (const content of Object.values(part?.content ?? {})) check(name, content);
      }
    }
    expect(faults).toEqual([]);
  });

  test('says of each route whom it is for', () => {
    const closed = operations().filter(([, { security }]) => (security ?? []).length > 0);
    expect(closed.length).toBeGreaterThan(30);
    for (const [name, { description }] of operations()) expect(description, name).toMatch(/For .+\.$/);
  });

  test('can be read as a page', async () => {
    const { body, headers } = await bed.app.inject('/docs');
    expect(headers['content-type']).toContain('text/html');
    for (const [name] of operations()) {
      const [method, path] = name.split(' ') as [string, string];
      expect(body).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
    }
    expect(body).toContain('<summary>Answer 200: application/json</summary>');
  });
});
