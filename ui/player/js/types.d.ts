// The data that modules hand to each other; only the type checker reads this. Python makes what is sent: ui/figures/payload.py.

import type { Chart } from "./chart.js";
import type { Clock } from "./clock.js";
import type { Player } from "./player.js";

export type { Player };
export type Context = CanvasRenderingContext2D;
export type Column = Float32Array | Float64Array | number[];
export type Point = [x: number, y: number]; // pixels
export type Box = [left: number, top: number, right: number, bottom: number]; // pixels
export type Choice = [key: string | number, words: string]; // of a menu or a switch
export type Json = Record<string, any>; // of a figure for Plotly

export interface Tokens {
  [name: string]: any; // a colour of the style sheet by its name
  font: string;
  future: number; // opacity
  named: Record<string, string>;
  line(mode: number): string;
  text(mode: number): string;
}

/** A kind of time axis. */
export interface AxisKind {
  name: string;
  raw?: (run: Run) => Float64Array;
  say(v: number): string;
}

/** One time axis of one run; `column` holds the place of every frame. */
export interface Axis {
  name: string;
  key?: string;
  kind: AxisKind;
  opens?: number; // the place at which playing begins
  log: boolean;
  column: Column;
  raw: Column;
  low: number;
  high: number;
  last: number;
  first: number; // the first frame that has a place
  empty?: boolean;
  ticks?: [number, string][][]; // for a wide and for a narrow picture
  axis?: Json;
  readout?: string;
  widths?: number[]; // in a comparison: the lengths in pixels that `ticks` are for
}

export interface Heights {
  low: number;
  high: number;
  base: number;
  axis: Json;
}

export type LabelText = [role: string, mode: number, text: string, end: number, tail: string];
export type LabelPlace = [text: number, share: number, value: number, dx: number, dy: number];
export type BirthPlace = [side: number, dy: number];

/** What is drawn over time of one spectrum. */
export interface ChartScene {
  frames: Float32Array;
  values: Float32Array; // mode after mode
  heights: Record<string, Heights>;
  traces: Json[];
  texts: LabelText[];
  places: Record<string, LabelPlace[]>;
  births: Record<string, [mode: number, ...places: BirthPlace[]][]>;
  still: string | null; // null: none was sent
  stillAt?: string; // in a comparison: its axis
}

/** The stills of the view that a link asked for, and what it is known by. */
export interface AskedStill {
  run: string;
  frames: number;
  axis: string;
  log: boolean;
  spectrum: string;
  curves: string;
  kinds: string[];
  strips: string[];
}

export interface StripScene {
  name: string;
  signed: boolean;
  counts: boolean;
  size: boolean;
  low: number;
  lines: [key: string, name: string, level: number | null][];
  axis: Json[];
  traces: Json[];
  truth: [level: number, text: string, below: boolean] | null;
}

export interface Scene {
  axes: Record<string, Json>;
  layout: Json;
  strips: Record<string, StripScene>;
  usual: string[][]; // without and with the theory
  stills: string[] | null;
}

export interface Picture {
  captions: Record<string, string>;
  rows: number;
  columns: number;
  shape: number[];
  sides: number[] | null; // of a tensor
  limit: number;
  residual_limit: number;
  grey: [black: number, white: number] | null; // of data that are a picture
  frames: number[];
  shots: Int8Array[];
  truth: Int8Array | null;
  truth_complete: boolean;
  observed: Uint8Array | null;
  as_given: boolean;
  row_order: number[];
  column_order: number[];
}

/** The law that moves a mode, at the frames of `frames`, mode after mode. */
export interface Law {
  missing: string;
  modes: number;
  frames: number[];
  layers: number;
  fastest: number[];
  off_flow: Float32Array;
  components: boolean;
  covered: string;
  who: string;
  because: string;
  small_step: number;
  balanced: number;
  balanced_start: boolean;
  decoded: boolean;
  [column: string]: any;
}

/** The law of one mode at one frame. */
export interface LawNow {
  mode?: number;
  pull: number;
  size: number;
  predicted: number;
  measured: number;
  share: number;
  off: number;
  fastest: number;
  exact?: number;
  low?: number;
  high?: number;
}

export interface Overlay {
  why: string;
  depths: boolean;
  shades: string[];
  caption: string;
  mark: string;
  text: string;
  badge: string;
  births: string;
}

export type Happening = [kind: string, mode: number, frame: number, t: number, words: string, until: number | null];
export type Birth = [mode: number, frame: number, t: number];

/** What a tensor has several of. */
export interface Spectrum {
  key: string;
  head: string;
  word: string;
  words: string;
  symbol: string;
  modes: number;
  modes_total: number;
  learned: number;
  values: Float32Array; // mode after mode
  true_values: number[] | null;
  events: Birth[];
  timeline: Happening[];
  heading: number[];
  growths: [mode: number, starts: number, arrives: number | null][];
  live: [frame: number, now: string, rest: string][];
  titles: [frame: number, words: string][];
  chart: ChartScene;
}

export interface Run extends Spectrum {
  run: string; // digest
  frames: number;
  growing: boolean;
  ended: boolean;
  outcome: string;
  depth: number;
  clock: string;
  spectra: Spectrum[];
  spectrum: string;
  true_levels: Record<string, number>;
  summary: string[];
  glossary: Record<string, string>;
  verdict: [mark: string, words: string, before: string];
  law: Law | null;
  over: Overlay | null;
  predicted: [mode: number, t: number][];
  run_line: string;
  provenance: string;
  scene: Scene | null;
  t: Float64Array;
  iteration: Float64Array;
  seconds: Float64Array;
  series: Record<string, Float32Array>;
  picture?: Picture | null;
  named: number; // modes with a curve of their own in the chart
  logarithmic?: boolean;
  at?: number | null;
  atPoint?: number;
  value(mode: number, frame: number): number;
}

/** A part of the charts: an interval of the axis, and of the heights or all of them. */
export interface Part {
  x: number[];
  y: number[] | null;
}

/** What the panels are drawn from. */
export interface View {
  player: ChartHost;
  run: Run;
  axis: Axis;
  log: boolean;
  tokens: Tokens;
  hidden: boolean; // the future
  theory: boolean;
  shown: string;
  given: boolean;
  lit: number;
  selected: number;
  part: string;
  slice: number;
  zoom: number;
  phone: boolean;
  window: Part | null;
  enlarging: boolean;
}

export interface Notice {
  kind: string;
  lead: string;
  text: string;
  buttons: [action: string, label: string][];
  plotly?: string;
}

/** The view as Python knows it: ui/player/view.py. */
export interface SharedView {
  [name: string]: any;
}

/** How the data of the visitor were read. */
export interface Given {
  sentence: string;
  rows: string[] | null;
  columns: string[] | null;
}

/** Something on the track: a birth, a predicted one, or several that have no room. */
export interface Mark {
  mode: number;
  f: number;
  x: number;
  more?: number;
}

/** Of a word among the curves: left, right and middle height, in pixels. */
export type WordBox = [number, number, number];

export type ModeNow = LawNow & { mode: number };
/** A disc on a curve; `shift`: how many places it is moved aside. */
export type DiscPlace = [x: number, y: number, mode: number, shift: number];
export type Line = [name: string, text: string];

export interface Tip {
  words: () => Line[];
  at: Point;
  mode: number;
}

export interface StripLine {
  name: string;
  level: number | null;
  column: Float32Array;
  heights: Float32Array; // at every pixel column
}

/** A line of the list of events. */
export type Entry = [frame: number, words: string, mode: number];

/** What Streamlit, or a saved page, mounts. */
export interface Component {
  parentElement: HTMLElement;
  data: any;
  setTriggerValue(name: string, value: any): void;
  setStateValue?(name: string, value: any): void;
}

/** What the charts ask of the player, or of the comparison, that holds them. */
export interface ChartHost {
  passing?: boolean; // charts are stills until the next picture
  root: HTMLElement;
  run: { frames: number };
  clock: Clock;
  window: Part | null;
  enlarging: boolean;
  expecting: number; // of Plotly: 1 sent for when the page is calm, 2 at once
  calm: number; // timer
  plotlyAt: string;
  askedStill?: AskedStill | null; // of the view that a link asked for
  spectrumChosen?: string;
  $(selector: string): any;
  charts(): Chart[];
  layout(): void;
  light(mode: number, event: PointerEvent | null): void;
}

/** What a comparison says of one of its runs: ui/views/compare/head.py. */
export interface RunHead {
  run: string;
  name: string;
  status: string;
  centre: string;
  alt: string;
  truth: Record<string, number | null> | null;
}

/** The axes and scales that all runs of a comparison share. */
export interface CommonScene {
  axes: Record<string, Json>;
  widths: number[];
  heights: Record<string, Heights>;
  columns: Json[];
  overlaid: Json;
}

export interface SharedScale {
  top: number;
  low: number;
  high: number;
}

/** What a column, or the picture of all runs, is drawn from. */
export type ComparedView = View & {
  limits?: { value: number; residual: number };
  scale?: SharedScale;
  overlaid?: boolean;
  truth?: number[] | null;
};

/** What gestures ask of the player, or of the comparison. */
export interface Scrubbed {
  run: { frames: number };
  enlarging: boolean;
  light(mode: number, event: PointerEvent | null): void;
  scrub(place: number): void;
  select(mode: number, touch?: boolean): void;
  speak(): void;
}

/** A player or a comparison, for what moves its cursor. */
export interface Steered extends ChartHost, Scrubbed {
  touched: boolean;
  helpOpen: boolean;
  byHand(frame: number): void;
  jump(frame: number): void;
  draw(): void;
  controls(): void;
  eventFrames(): number[]; // in the order of time
}

/** For Plotly. */
export interface Figure {
  data: Json[];
  layout: Json;
}
