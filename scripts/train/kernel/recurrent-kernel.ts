/**
 * The hot part of training, compiled to WebAssembly by AssemblyScript (scripts/train/open-kernel.ts): the
 * gated recurrent layer of edge-agent/count/crossing-network.ts and its gradient, for eight sequences
 * at once. Each sequence is read four times (as seen and exchanged, forwards and backwards), so a row
 * holds 32 numbers: column = reading · 8 + sequence. All arrays are 32-bit floats, time first.
 *
 * Memory is laid out by the caller, who writes the addresses into `place` slots by `set`.
 */

const row: usize = 128;
const half: usize = 64;

// Sizes.
let hidden: usize = 0;
let mixed: usize = 0;
let inputs: usize = 0;
let constants: usize = 0;

// Places of arrays; their shapes stand behind them.
let X: usize = 0; // [steps][inputs][32]
let K: usize = 0; // [constants][32]
let S: usize = 0; // [steps + 1][hidden][32]
let Z: usize = 0; // [steps][hidden][32]; the same for the next three
let R: usize = 0;
let C: usize = 0;
let M: usize = 0;
let dS: usize = 0; // [steps + 1][hidden][32]
let dZ: usize = 0; // [steps][hidden][32]; the same for the next three
let dR: usize = 0;
let dC: usize = 0;
let dM: usize = 0;
let B: usize = 0; // [3][hidden][32]: bias and constants
let L: usize = 0; // [2][steps][hidden][8]: later states, put beside the earlier ones
let dL: usize = 0;
let Y: usize = 0; // [2][steps][8]: what is expected, before it is made positive
let dY: usize = 0;
let Q: usize = 0; // [2][steps][mixed][8]
let W: usize = 0; // weights, in the order of crossing-network.ts
let G: usize = 0; // their gradient
let WT: usize = 0; // [3][hidden][hidden]: recurrent weights, columns first
let P: usize = 0; // [2][mixed][hidden][4]: partial sums
let lengths: usize = 0; // [8] of 32-bit integers

export function size(hiddenUnits: i32, mixedUnits: i32, inputRows: i32, constantRows: i32): void {
  hidden = hiddenUnits;
  mixed = mixedUnits;
  inputs = inputRows;
  constants = constantRows;
}

export function place(index: i32, address: usize): void {
  switch (index) {
    case 0:
      X = address;
      break;
    case 1:
      K = address;
      break;
    case 2:
      S = address;
      break;
    case 3:
      Z = address;
      break;
    case 4:
      R = address;
      break;
    case 5:
      C = address;
      break;
    case 6:
      M = address;
      break;
    case 7:
      dS = address;
      break;
    case 8:
      dZ = address;
      break;
    case 9:
      dR = address;
      break;
    case 10:
      dC = address;
      break;
    case 11:
      dM = address;
      break;
    case 12:
      B = address;
      break;
    case 13:
      L = address;
      break;
    case 14:
      dL = address;
      break;
    case 15:
      Y = address;
      break;
    case 16:
      dY = address;
      break;
    case 17:
      Q = address;
      break;
    case 18:
      W = address;
      break;
    case 19:
      G = address;
      break;
    case 20:
      WT = address;
      break;
    case 21:
      P = address;
      break;
    case 22:
      lengths = address;
      break;
  }
}

// Where parts of the weights begin, in numbers.
function atConstants(): usize {
  return 3 * hidden * inputs;
}
function atRecurrent(): usize {
  return atConstants() + 3 * hidden * constants;
}
function atBias(): usize {
  return atRecurrent() + 3 * hidden * hidden;
}
function atCandidateBias(): usize {
  return atBias() + 3 * hidden;
}
function atMix(): usize {
  return atCandidateBias() + hidden;
}
function atMixBias(): usize {
  return atMix() + 2 * hidden * mixed;
}
function atOutput(): usize {
  return atMixBias() + mixed;
}
function atOutputBias(): usize {
  return atOutput() + mixed;
}

function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** e to the power of x by splitting off the power of two; relative error below 3e-6. */
function exp4(x: v128): v128 {
  const bound = f32x4.min(f32x4.max(x, f32x4.splat(-40)), f32x4.splat(40));
  const n = f32x4.nearest(f32x4.mul(bound, f32x4.splat(Mathf.LOG2E)));
  let r = fma(n, f32x4.splat(-0.693359375), bound);
  r = fma(n, f32x4.splat(2.1219444e-4), r);
  let p = f32x4.splat(1.0 / 720);
  p = fma(p, r, f32x4.splat(1.0 / 120));
  p = fma(p, r, f32x4.splat(1.0 / 24));
  p = fma(p, r, f32x4.splat(1.0 / 6));
  p = fma(p, r, f32x4.splat(0.5));
  p = fma(p, r, f32x4.splat(1));
  p = fma(p, r, f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, scale);
}

function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

function tanh4(x: v128): v128 {
  const s = sigmoid4(f32x4.add(x, x));
  return f32x4.sub(f32x4.add(s, s), f32x4.splat(1));
}

function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3)
  );
}

/** Bias and what is constant over a sequence. */
function prepare(): void {
  for (let gate: usize = 0; gate < 3; gate++) {
    for (let unit: usize = 0; unit < hidden; unit++) {
      const to = B + (gate * hidden + unit) * row;
      const bias = load<f32>(W + 4 * (atBias() + gate * hidden + unit));
      const weights = W + 4 * (atConstants() + (gate * hidden + unit) * constants);
      for (let part: usize = 0; part < row; part += 16) {
        let sum = f32x4.splat(bias);
        for (let at: usize = 0; at < constants; at++) {
          sum = fma(v128.load32_splat(weights + 4 * at), v128.load(K + at * row + part), sum);
        }
        v128.store(to + part, sum);
      }
    }
  }
}

/** Reads `steps` steps of all sequences. */
export function read(steps: usize): void {
  prepare();
  const rows = hidden * row;
  memory.fill(S, 0, rows);
  const candidateBias = W + 4 * atCandidateBias();
  const stateWeights = W + 4 * atRecurrent();
  const square = 4 * hidden * hidden;
  const inputSquare = 4 * hidden * inputs;
  for (let step: usize = 0; step < steps; step++) {
    for (let unit: usize = 0; unit < hidden; unit++) {
      for (let side: usize = 0; side < row; side += half) {
        const s = S + step * rows + side;
        const x = X + step * inputs * row + side;
        const b = B + unit * row + side;
        let z0 = v128.load(b),
          z1 = v128.load(b, 16),
          z2 = v128.load(b, 32),
          z3 = v128.load(b, 48);
        const b1 = b + rows;
        let r0 = v128.load(b1),
          r1 = v128.load(b1, 16),
          r2 = v128.load(b1, 32),
          r3 = v128.load(b1, 48);
        const b2 = b1 + rows;
        let c0 = v128.load(b2),
          c1 = v128.load(b2, 16),
          c2 = v128.load(b2, 32),
          c3 = v128.load(b2, 48);
        let w = W + 4 * unit * inputs;
        for (let at: usize = 0; at < inputs; at++) {
          const from = x + at * row;
          const x0 = v128.load(from),
            x1 = v128.load(from, 16),
            x2 = v128.load(from, 32),
            x3 = v128.load(from, 48);
          let weight = v128.load32_splat(w);
          z0 = fma(weight, x0, z0);
          z1 = fma(weight, x1, z1);
          z2 = fma(weight, x2, z2);
          z3 = fma(weight, x3, z3);
          weight = v128.load32_splat(w + inputSquare);
          r0 = fma(weight, x0, r0);
          r1 = fma(weight, x1, r1);
          r2 = fma(weight, x2, r2);
          r3 = fma(weight, x3, r3);
          weight = v128.load32_splat(w + 2 * inputSquare);
          c0 = fma(weight, x0, c0);
          c1 = fma(weight, x1, c1);
          c2 = fma(weight, x2, c2);
          c3 = fma(weight, x3, c3);
          w += 4;
        }
        const cell = step * rows + unit * row + side;
        v128.store(C + cell, c0);
        v128.store(C + cell, c1, 16);
        v128.store(C + cell, c2, 32);
        v128.store(C + cell, c3, 48);
        let m0 = v128.load32_splat(candidateBias + 4 * unit),
          m1 = m0,
          m2 = m0,
          m3 = m0;
        w = stateWeights + 4 * unit * hidden;
        for (let at: usize = 0; at < hidden; at++) {
          const from = s + at * row;
          const x0 = v128.load(from),
            x1 = v128.load(from, 16),
            x2 = v128.load(from, 32),
            x3 = v128.load(from, 48);
          let weight = v128.load32_splat(w);
          z0 = fma(weight, x0, z0);
          z1 = fma(weight, x1, z1);
          z2 = fma(weight, x2, z2);
          z3 = fma(weight, x3, z3);
          weight = v128.load32_splat(w + square);
          r0 = fma(weight, x0, r0);
          r1 = fma(weight, x1, r1);
          r2 = fma(weight, x2, r2);
          r3 = fma(weight, x3, r3);
          weight = v128.load32_splat(w + 2 * square);
          m0 = fma(weight, x0, m0);
          m1 = fma(weight, x1, m1);
          m2 = fma(weight, x2, m2);
          m3 = fma(weight, x3, m3);
          w += 4;
        }
        v128.store(M + cell, m0);
        v128.store(M + cell, m1, 16);
        v128.store(M + cell, m2, 32);
        v128.store(M + cell, m3, 48);
        v128.store(Z + cell, z0);
        v128.store(Z + cell, z1, 16);
        v128.store(Z + cell, z2, 32);
        v128.store(Z + cell, z3, 48);
        v128.store(R + cell, r0);
        v128.store(R + cell, r1, 16);
        v128.store(R + cell, r2, 32);
        v128.store(R + cell, r3, 48);
      }
    }
    const from = step * rows;
    for (let cell: usize = from; cell < from + rows; cell += 16) {
      const z = sigmoid4(v128.load(Z + cell));
      const r = sigmoid4(v128.load(R + cell));
      const c = tanh4(fma(r, v128.load(M + cell), v128.load(C + cell)));
      const s = v128.load(S + cell);
      v128.store(Z + cell, z);
      v128.store(R + cell, r);
      v128.store(C + cell, c);
      v128.store(S + cell + rows, fma(z, f32x4.sub(c, s), s));
    }
  }
}

/** Puts what was read backwards beside what was read forwards, step by step. */
function align(steps: usize): void {
  for (let direction: usize = 0; direction < 2; direction++) {
    for (let lane: usize = 0; lane < 8; lane++) {
      const length = <usize>load<i32>(lengths + 4 * lane);
      const column = 4 * ((2 * direction + 1) * 8 + lane);
      for (let step: usize = 0; step < length; step++) {
        const from = S + (length - step) * hidden * row + column;
        const to = L + ((direction * steps + step) * hidden * 8 + lane) * 4;
        for (let unit: usize = 0; unit < hidden; unit++) {
          store<f32>(to + unit * 32, load<f32>(from + unit * row));
        }
      }
    }
  }
}

/** Joins both readings of each direction into `Y`. */
export function mix(steps: usize): void {
  align(steps);
  const weights = W + 4 * atMix();
  for (let direction: usize = 0; direction < 2; direction++) {
    const column = direction * half;
    for (let step: usize = 0; step < steps; step++) {
      const earlier = S + (step + 1) * hidden * row + column;
      const later = L + (direction * steps + step) * hidden * 32;
      const q = Q + (direction * steps + step) * mixed * 32;
      let y0 = v128.load32_splat(W + 4 * atOutputBias()),
        y1 = y0;
      for (let unit: usize = 0; unit < mixed; unit += 2) {
        let a0 = v128.load32_splat(W + 4 * (atMixBias() + unit)),
          a1 = a0;
        let b0 = v128.load32_splat(W + 4 * (atMixBias() + unit + 1)),
          b1 = b0;
        const wa = weights + 4 * unit * 2 * hidden;
        const wb = wa + 8 * hidden;
        for (let at: usize = 0; at < hidden; at++) {
          const e0 = v128.load(earlier + at * row),
            e1 = v128.load(earlier + at * row, 16);
          const l0 = v128.load(later + at * 32),
            l1 = v128.load(later + at * 32, 16);
          const s0 = f32x4.add(e0, l0),
            s1 = f32x4.add(e1, l1);
          const p0 = f32x4.mul(e0, l0),
            p1 = f32x4.mul(e1, l1);
          let weight = v128.load32_splat(wa + 4 * at);
          a0 = fma(weight, s0, a0);
          a1 = fma(weight, s1, a1);
          weight = v128.load32_splat(wa + 4 * (hidden + at));
          a0 = fma(weight, p0, a0);
          a1 = fma(weight, p1, a1);
          weight = v128.load32_splat(wb + 4 * at);
          b0 = fma(weight, s0, b0);
          b1 = fma(weight, s1, b1);
          weight = v128.load32_splat(wb + 4 * (hidden + at));
          b0 = fma(weight, p0, b0);
          b1 = fma(weight, p1, b1);
        }
        a0 = tanh4(a0);
        a1 = tanh4(a1);
        b0 = tanh4(b0);
        b1 = tanh4(b1);
        v128.store(q + unit * 32, a0);
        v128.store(q + unit * 32, a1, 16);
        v128.store(q + unit * 32, b0, 32);
        v128.store(q + unit * 32, b1, 48);
        let weight = v128.load32_splat(W + 4 * (atOutput() + unit));
        y0 = fma(weight, a0, y0);
        y1 = fma(weight, a1, y1);
        weight = v128.load32_splat(W + 4 * (atOutput() + unit + 1));
        y0 = fma(weight, b0, y0);
        y1 = fma(weight, b1, y1);
      }
      const y = Y + (direction * steps + step) * 32;
      v128.store(y, y0);
      v128.store(y, y1, 16);
    }
  }
}

/** Adds to `G` the gradient by all weights, given `dY`. */
export function unmix(steps: usize): void {
  const rows = hidden * row;
  memory.fill(dS, 0, (steps + 1) * rows);
  memory.fill(P, 0, 2 * mixed * hidden * 16);
  const weights = W + 4 * atMix();
  for (let direction: usize = 0; direction < 2; direction++) {
    const column = direction * half;
    for (let step: usize = 0; step < steps; step++) {
      const earlier = S + (step + 1) * rows + column;
      const later = L + (direction * steps + step) * hidden * 32;
      const dEarlier = dS + (step + 1) * rows + column;
      const dLater = dL + (direction * steps + step) * hidden * 32;
      memory.fill(dLater, 0, hidden * 32);
      const q = Q + (direction * steps + step) * mixed * 32;
      const y = dY + (direction * steps + step) * 32;
      const y0 = v128.load(y),
        y1 = v128.load(y, 16);
      addSum(G + 4 * atOutputBias(), f32x4.add(y0, y1));
      for (let unit: usize = 0; unit < mixed; unit++) {
        const q0 = v128.load(q + unit * 32),
          q1 = v128.load(q + unit * 32, 16);
        addSum(G + 4 * (atOutput() + unit), fma(y0, q0, f32x4.mul(y1, q1)));
        const weight = v128.load32_splat(W + 4 * (atOutput() + unit));
        const one = f32x4.splat(1);
        const d0 = f32x4.mul(f32x4.mul(y0, weight), f32x4.sub(one, f32x4.mul(q0, q0)));
        const d1 = f32x4.mul(f32x4.mul(y1, weight), f32x4.sub(one, f32x4.mul(q1, q1)));
        addSum(G + 4 * (atMixBias() + unit), f32x4.add(d0, d1));
        const w = weights + 4 * unit * 2 * hidden;
        for (let at: usize = 0; at < hidden; at++) {
          const e0 = v128.load(earlier + at * row),
            e1 = v128.load(earlier + at * row, 16);
          const l0 = v128.load(later + at * 32),
            l1 = v128.load(later + at * 32, 16);
          const sums = P + (unit * hidden + at) * 16;
          const products = sums + mixed * hidden * 16;
          let sum = fma(d0, f32x4.add(e0, l0), v128.load(sums));
          v128.store(sums, fma(d1, f32x4.add(e1, l1), sum));
          sum = fma(d0, f32x4.mul(e0, l0), v128.load(products));
          v128.store(products, fma(d1, f32x4.mul(e1, l1), sum));
          const a = v128.load32_splat(w + 4 * at);
          const b = v128.load32_splat(w + 4 * (hidden + at));
          const to = dEarlier + at * row;
          v128.store(to, fma(d0, fma(b, l0, a), v128.load(to)));
          v128.store(to, fma(d1, fma(b, l1, a), v128.load(to, 16)), 16);
          const toLater = dLater + at * 32;
          v128.store(toLater, fma(d0, fma(b, e0, a), v128.load(toLater)));
          v128.store(toLater, fma(d1, fma(b, e1, a), v128.load(toLater, 16)), 16);
        }
      }
    }
  }
  for (let unit: usize = 0; unit < mixed; unit++) {
    for (let at: usize = 0; at < hidden; at++) {
      const sums = P + (unit * hidden + at) * 16;
      addSum(G + 4 * (atMix() + unit * 2 * hidden + at), v128.load(sums));
      addSum(G + 4 * (atMix() + unit * 2 * hidden + hidden + at), v128.load(sums + mixed * hidden * 16));
    }
  }
  for (let direction: usize = 0; direction < 2; direction++) {
    for (let lane: usize = 0; lane < 8; lane++) {
      const length = <usize>load<i32>(lengths + 4 * lane);
      const column = 4 * ((2 * direction + 1) * 8 + lane);
      for (let step: usize = 0; step < length; step++) {
        const to = dS + (length - step) * rows + column;
        const from = dL + ((direction * steps + step) * hidden * 8 + lane) * 4;
        for (let unit: usize = 0; unit < hidden; unit++) {
          store<f32>(to + unit * row, load<f32>(to + unit * row) + load<f32>(from + unit * 32));
        }
      }
    }
  }
}

function addSum(address: usize, vector: v128): void {
  store<f32>(address, load<f32>(address) + sum4(vector));
}

/** From the last step to the first: the gradient of the states and of what goes into the gates. */
export function unread(steps: usize): void {
  const rows = hidden * row;
  transpose();
  const square = hidden * hidden * 4;
  const one = f32x4.splat(1);
  for (let step: usize = steps; step > 0; step--) {
    const from = (step - 1) * rows;
    for (let cell: usize = from; cell < from + rows; cell += 16) {
      const slope = v128.load(dS + cell + rows);
      const z = v128.load(Z + cell);
      const r = v128.load(R + cell);
      const c = v128.load(C + cell);
      const m = v128.load(M + cell);
      const s = v128.load(S + cell);
      const rest = f32x4.sub(one, z);
      const dc = f32x4.mul(f32x4.mul(slope, z), f32x4.sub(one, f32x4.mul(c, c)));
      const dm = f32x4.mul(dc, r);
      v128.store(dZ + cell, f32x4.mul(f32x4.mul(slope, f32x4.sub(c, s)), f32x4.mul(z, rest)));
      v128.store(dC + cell, dc);
      v128.store(dM + cell, dm);
      v128.store(dR + cell, f32x4.mul(f32x4.mul(dm, m), f32x4.sub(one, r)));
      v128.store(dS + cell, fma(slope, rest, v128.load(dS + cell)));
    }
    for (let at: usize = 0; at < hidden; at += 2) {
      for (let side: usize = 0; side < row; side += half) {
        const a = dS + from + at * row + side;
        const b = a + row;
        let a0 = v128.load(a),
          a1 = v128.load(a, 16),
          a2 = v128.load(a, 32),
          a3 = v128.load(a, 48);
        let b0 = v128.load(b),
          b1 = v128.load(b, 16),
          b2 = v128.load(b, 32),
          b3 = v128.load(b, 48);
        for (let gate: usize = 0; gate < 3; gate++) {
          const slopes = (gate === 0 ? dZ : gate === 1 ? dR : dM) + from + side;
          const wa = WT + gate * square + at * hidden * 4;
          const wb = wa + hidden * 4;
          for (let unit: usize = 0; unit < hidden; unit++) {
            const d = slopes + unit * row;
            const d0 = v128.load(d),
              d1 = v128.load(d, 16),
              d2 = v128.load(d, 32),
              d3 = v128.load(d, 48);
            let weight = v128.load32_splat(wa + 4 * unit);
            a0 = fma(weight, d0, a0);
            a1 = fma(weight, d1, a1);
            a2 = fma(weight, d2, a2);
            a3 = fma(weight, d3, a3);
            weight = v128.load32_splat(wb + 4 * unit);
            b0 = fma(weight, d0, b0);
            b1 = fma(weight, d1, b1);
            b2 = fma(weight, d2, b2);
            b3 = fma(weight, d3, b3);
          }
        }
        v128.store(a, a0);
        v128.store(a, a1, 16);
        v128.store(a, a2, 32);
        v128.store(a, a3, 48);
        v128.store(b, b0);
        v128.store(b, b1, 16);
        v128.store(b, b2, 32);
        v128.store(b, b3, 48);
      }
    }
  }
  for (let gate: usize = 0; gate < 3; gate++) {
    const slopes = gate === 0 ? dZ : gate === 1 ? dR : dC;
    outer(slopes, X, inputs, G + 4 * gate * hidden * inputs, steps);
    const states = gate === 0 ? dZ : gate === 1 ? dR : dM;
    outer(states, S, hidden, G + 4 * (atRecurrent() + gate * hidden * hidden), steps);
    for (let unit: usize = 0; unit < hidden; unit++) biases(slopes, gate, unit, steps);
  }
  for (let unit: usize = 0; unit < hidden; unit++) {
    let sum = f32x4.splat(0);
    for (let step: usize = 0; step < steps; step++) {
      for (let part: usize = 0; part < row; part += 16) {
        sum = f32x4.add(sum, v128.load(dM + (step * hidden + unit) * row + part));
      }
    }
    addSum(G + 4 * (atCandidateBias() + unit), sum);
  }
}

function transpose(): void {
  const from = W + 4 * atRecurrent();
  for (let gate: usize = 0; gate < 3; gate++) {
    for (let unit: usize = 0; unit < hidden; unit++) {
      for (let at: usize = 0; at < hidden; at++) {
        const value = load<f32>(from + 4 * ((gate * hidden + unit) * hidden + at));
        store<f32>(WT + 4 * ((gate * hidden + at) * hidden + unit), value);
      }
    }
  }
}

/** Gradient of bias and constants of one unit's gate. */
function biases(slopes: usize, gate: usize, unit: usize, steps: usize): void {
  let total = f32x4.splat(0);
  for (let part: usize = 0; part < row; part += 16) {
    let sum = f32x4.splat(0);
    for (let step: usize = 0; step < steps; step++) {
      sum = f32x4.add(sum, v128.load(slopes + (step * hidden + unit) * row + part));
    }
    total = f32x4.add(total, sum);
    for (let at: usize = 0; at < constants; at++) {
      const to = G + 4 * (atConstants() + (gate * hidden + unit) * constants + at);
      addSum(to, f32x4.mul(sum, v128.load(K + at * row + part)));
    }
  }
  addSum(G + 4 * (atBias() + gate * hidden + unit), total);
}

/** to[unit][at] += sum over steps and columns of slopes · values; both counts are even. */
function outer(slopes: usize, values: usize, count: usize, to: usize, steps: usize): void {
  const slopeRows = hidden * row;
  const valueRows = count * row;
  for (let unit: usize = 0; unit < hidden; unit += 4) {
    for (let at: usize = 0; at < count; at += 2) {
      let a0 = f32x4.splat(0),
        a1 = a0,
        b0 = a0,
        b1 = a0,
        c0 = a0,
        c1 = a0,
        d0 = a0,
        d1 = a0;
      for (let step: usize = 0; step < steps; step++) {
        const s = slopes + step * slopeRows + unit * row;
        const v = values + step * valueRows + at * row;
        for (let part: usize = 0; part < row; part += 16) {
          const v0 = v128.load(v + part),
            v1 = v128.load(v + part + row);
          let slope = v128.load(s + part);
          a0 = fma(slope, v0, a0);
          a1 = fma(slope, v1, a1);
          slope = v128.load(s + part + row);
          b0 = fma(slope, v0, b0);
          b1 = fma(slope, v1, b1);
          slope = v128.load(s + part + 2 * row);
          c0 = fma(slope, v0, c0);
          c1 = fma(slope, v1, c1);
          slope = v128.load(s + part + 3 * row);
          d0 = fma(slope, v0, d0);
          d1 = fma(slope, v1, d1);
        }
      }
      const g = to + 4 * (unit * count + at);
      const next = 4 * count;
      addSum(g, a0);
      addSum(g + 4, a1);
      addSum(g + next, b0);
      addSum(g + next + 4, b1);
      addSum(g + 2 * next, c0);
      addSum(g + 2 * next + 4, c1);
      addSum(g + 3 * next, d0);
      addSum(g + 3 * next + 4, d1);
    }
  }
}
