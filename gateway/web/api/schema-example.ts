/** As much of JSON Schema as our contracts use. */
export interface ExampleSchema {
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly anyOf?: readonly ExampleSchema[];
  readonly oneOf?: readonly ExampleSchema[];
  readonly properties?: Readonly<Record<string, ExampleSchema>>;
  readonly items?: ExampleSchema | readonly ExampleSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
}

/**
 * A value that a schema allows, made of the examples, constants and defaults of its parts: every route
 * has an example without anybody having to write one, and the tests hold it against the schema. A text
 * with a pattern needs an example of its own.
 */
export function schemaExample(schema: ExampleSchema): unknown {
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return schemaExample(first);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, schemaExample(property)]),
      );
    case 'array':
      return arrayExample(schema);
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 1);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function arrayExample({ items, minItems = 0 }: ExampleSchema): unknown[] {
  if (items === undefined) return [];
  if (Array.isArray(items)) return (items as readonly ExampleSchema[]).map(schemaExample);
  return Array.from({ length: Math.max(1, minItems) }, () => schemaExample(items as ExampleSchema));
}
