import type { Line, LiveLine, Site } from '../../contract/http-api.ts';

/** A retained message to Home Assistant's broker. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: string;
}

const directions = ['in', 'out'] as const;

/** Where the bridge says whether it is there: its will says `offline`. */
export const availabilityTopic = 'passant/home-assistant/availability';

/** Names in topics of Home Assistant: letters, digits, `_` and `-` (its manual, MQTT discovery, object id). */
function objectId(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_');
}

function stateTopic(line: string): string {
  return `passant/home-assistant/${objectId(line)}/state`;
}

/**
 * Two sensors for a line, in and out since the local midnight, as Home Assistant's MQTT discovery wants them:
 * `homeassistant/sensor/<device>/<object>/config`. A total of a day only grows and begins again at 0,
 * which is what `total_increasing` means; nobody looking is `None`, which is shown as unknown and never as 0.
 */
export function discoveryMessages(site: Site, line: Line, prefix: string): RetainedMessage[] {
  const device = {
    identifiers: [`passant-${line.id}`],
    name: site.name === '' ? line.name : `${site.name}, ${line.name}`,
    manufacturer: 'Passant',
    suggested_area: site.name,
  };
  return directions.map((direction) => ({
    topic: `${prefix}/sensor/${objectId(line.id)}/${direction}/config`,
    payload: JSON.stringify({
      name: direction === 'in' ? 'In today' : 'Out today',
      unique_id: `passant-${line.id}-${direction}`,
      state_topic: stateTopic(line.id),
      value_template: `{{ value_json.${direction} }}`,
      json_attributes_topic: stateTopic(line.id),
      unit_of_measurement: 'people',
      state_class: 'total_increasing',
      icon: direction === 'in' ? 'mdi:location-enter' : 'mdi:location-exit',
      availability_topic: availabilityTopic,
      device,
    }),
  }));
}

/** What was counted at a line today, settled and stored; null where nobody has looked yet. */
export function stateMessage({ line, in: ins, out, coverage }: LiveLine): RetainedMessage {
  return { topic: stateTopic(line), payload: JSON.stringify({ in: ins, out, coverage }) };
}
