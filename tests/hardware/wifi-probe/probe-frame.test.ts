import { describe, expect, test } from 'vitest';
import { linkTypes, ProbeFrameFilter, signalUnknown } from '../../../hardware/wifi-probe/probe-frame.ts';
import { probeRequest, radiotap } from '../../doubles/probe-frames.ts';

const phone = Buffer.of(0x02, 1, 2, 3, 4, 5);

function judge(packet: Buffer, linkType: number = linkTypes.radiotap, wireBytes = packet.length) {
  const filter = new ProbeFrameFilter();
  const verdict = filter.judge(linkType, packet, 0, packet.length, wireBytes);
  return { verdict, signalDbm: filter.signalDbm, addressAt: filter.addressAt };
}

describe('the frame filter', () => {
  test('takes a broadcast probe request with its strength and the place of its address', () => {
    const packet = Buffer.concat([radiotap({ signalDbm: -61 }), probeRequest(phone)]);
    const { verdict, signalDbm, addressAt } = judge(packet);
    expect({ verdict, signalDbm }).toEqual({ verdict: 'probe', signalDbm: -61 });
    expect(packet.subarray(addressAt, addressAt + 6)).toEqual(phone);
  });

  test('passes over frames that are no probe requests or ask one network only', () => {
    const beacon = probeRequest(phone);
    beacon[0] = 0x80;
    expect(judge(Buffer.concat([radiotap(), beacon])).verdict).toBe('other');
    const directed = probeRequest(phone, Buffer.of(0, 1, 2, 3, 4, 5));
    expect(judge(Buffer.concat([radiotap(), directed])).verdict).toBe('other');
  });

  test('has no address where the snap length of mode rate cut it off', () => {
    const header = radiotap({ signalDbm: -50 });
    const whole = Buffer.concat([header, probeRequest(phone)]);
    const cut = whole.subarray(0, header.length + 10);
    expect(judge(cut, linkTypes.radiotap, whole.length)).toEqual({
      verdict: 'probe',
      signalDbm: -50,
      addressAt: -1,
    });
  });

  test('never takes a frame check sequence for the frame', () => {
    const header = radiotap({ flags: 0x10 });
    // 24 bytes on the air of which the last four are the check sequence: too short for a request.
    const short = Buffer.concat([header, probeRequest(phone).subarray(0, 24)]);
    expect(judge(short).verdict).toBe('malformed');
    const whole = Buffer.concat([header, probeRequest(phone), Buffer.alloc(4)]);
    expect(judge(whole).verdict).toBe('probe');
  });

  test('refuses frames that arrived broken', () => {
    expect(judge(Buffer.concat([radiotap({ flags: 0x40 }), probeRequest(phone)])).verdict).toBe('malformed');
    expect(judge(Buffer.alloc(5)).verdict).toBe('malformed');
    expect(judge(radiotap()).verdict).toBe('malformed');
  });

  test('takes the strongest of several antennas', () => {
    // Three present words: signal; signal in a reset namespace; signal again.
    const header = Buffer.from(
      '000017002000 00a0 200000a0 20000000 c4 d0 ca 000000'.replaceAll(' ', ''),
      'hex',
    );
    header.writeUInt16LE(header.length, 2);
    expect(judge(Buffer.concat([header, probeRequest(phone)]))).toMatchObject({
      verdict: 'probe',
      signalDbm: -48,
    });
  });

  test('reads bare 802.11, Prism and AVS captures', () => {
    expect(judge(probeRequest(phone), linkTypes.ieee80211)).toMatchObject({
      verdict: 'probe',
      signalDbm: signalUnknown,
      addressAt: 10,
    });
    const prism = Buffer.alloc(144);
    prism.writeUInt32LE(0x44, 0);
    prism.writeUInt32LE(144, 4);
    prism.writeInt32LE(-57, 84 + 8);
    expect(judge(Buffer.concat([prism, probeRequest(phone)]), linkTypes.prism)).toMatchObject({
      verdict: 'probe',
      signalDbm: -57,
    });
    const avs = Buffer.alloc(64);
    avs.writeUInt32BE(0x80211001, 0);
    avs.writeUInt32BE(64, 4);
    avs.writeUInt32BE(2, 44);
    avs.writeInt32BE(-70, 48);
    expect(judge(Buffer.concat([avs, probeRequest(phone)]), linkTypes.prism)).toMatchObject({
      verdict: 'probe',
      signalDbm: -70,
    });
    expect(judge(Buffer.concat([Buffer.alloc(144), probeRequest(phone)]), linkTypes.prism).verdict).toBe(
      'malformed',
    );
  });
});
