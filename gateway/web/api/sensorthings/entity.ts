/** A kind of entity: its name and that of its set (OGC SensorThings 1.1, 18-088, clause 8). */
export interface EntityType {
  readonly name: string;
  readonly set: string;
  /** Related entities by name, with whether there may be many. */
  readonly relations: Readonly<Record<string, { readonly set: string; readonly many: boolean }>>;
}

/** One entity: its own properties, the ones it belongs to, and the many that belong to it. */
export interface Entity {
  readonly type: EntityType;
  readonly id: string;
  json(): Promise<Record<string, unknown>>;
  readonly one: Readonly<Record<string, () => Promise<Entity | null>>>;
  readonly many: Readonly<Record<string, () => EntitySource>>;
}

/** Many entities, read as they are needed. */
export interface EntitySource {
  readonly type: EntityType;
  /** True where entities come in order of their time, either way. */
  readonly inTime: boolean;
  /** Those that may lie within the bounds; others may come, too. */
  read(asked: {
    readonly fromMs: number | null;
    readonly toMs: number | null;
    readonly descending: boolean;
  }): AsyncIterable<Entity>;
  find(id: string): Promise<Entity | null>;
}

const one = (set: string) => ({ set, many: false });
const many = (set: string) => ({ set, many: true });

const types: readonly EntityType[] = [
  {
    name: 'Thing',
    set: 'Things',
    relations: { Locations: many('Locations'), Datastreams: many('Datastreams') },
  },
  { name: 'Location', set: 'Locations', relations: { Things: many('Things') } },
  { name: 'Sensor', set: 'Sensors', relations: { Datastreams: many('Datastreams') } },
  { name: 'ObservedProperty', set: 'ObservedProperties', relations: { Datastreams: many('Datastreams') } },
  {
    name: 'Datastream',
    set: 'Datastreams',
    relations: {
      Thing: one('Things'),
      Sensor: one('Sensors'),
      ObservedProperty: one('ObservedProperties'),
      Observations: many('Observations'),
    },
  },
  {
    name: 'Observation',
    set: 'Observations',
    relations: { Datastream: one('Datastreams'), FeatureOfInterest: one('FeaturesOfInterest') },
  },
  { name: 'FeatureOfInterest', set: 'FeaturesOfInterest', relations: { Observations: many('Observations') } },
];

/** The kinds by the names of their sets, in the order in which the root lists them. */
export const entityTypes: ReadonlyMap<string, EntityType> = new Map(types.map((type) => [type.set, type]));

/** A set that is known beforehand. */
export function listSource(set: string, entities: readonly Entity[]): EntitySource {
  return {
    type: entityTypes.get(set)!,
    inTime: false,
    async *read() {
      yield* entities;
    },
    find: async (id) => entities.find((entity) => entity.id === id) ?? null,
  };
}
