// The messages of a room, and what its pages hand to each other; only the type checker reads this.
// What arrives is made in ui/lecture/room.py and ui/lecture/hall.py; what is sent is read by ui/lecture/messages.py.

import type { Player } from "../../player/js/player.js";
import type { SharedView } from "../../player/js/types.d.ts";

export type { Player, SharedView };
/** Made in ui/lecture/rich_text.py: a text, or [tag, attributes if there are any, ...nodes]. */
export type Node = string | Branch;
export interface Branch extends Array<Node | Record<string, string>> {
  0: string; // the tag
}
export type Rich = string | Node[];
export type Place = [x: number, y: number]; // in the curves, 0 to 1
export type Answer = number | number[]; // a choice, counted from 0, a moment, or the heights of a sketch in per cent of its top
export type QuestionState = "open" | "locked" | "revealed" | "played";
export type Role = "projector" | "desk";
export type ConnectionState = "open" | "lost" | "over";

/** What the server has written into the page. */
export interface Settings {
  base: string; // the path in front of /live
  code: string;
}

/** What the room sees, and from when on it moves by itself. */
export interface SceneMessage {
  is: "scene";
  seq: number;
  scene: number;
  of: number;
  heading: Rich;
  text: Rich;
  run: string; // digest
  ready: boolean;
  until: number | null; // the last frame that may be seen; null: all
  ends: number | null; // where the time axis ends then
  view: SharedView;
  frame: number;
  playing: boolean;
  stop: number | null; // the frame at which playing ends
  speed: number;
  at: number; // milliseconds on the clock of the server
  blank: boolean;
  changes: Record<string, unknown>; // of the run of the script, by the path of the setting
  changed: string; // the same in words; "" where nothing is changed
  lab: string | null; // the query of an address that opens this run in the dashboard
}

/**
 * Counts of the choices; [moment, count] in rising order with the middle answer and the half around it; or some of the sketches,
 * with the middle height at every point.
 */
export interface Tally {
  answers: number;
  counts?: number[];
  values?: [moment: number, count: number][];
  sketches?: number[][];
  middle?: number | number[];
  half?: [low: number, high: number];
}

/** What is asked: `choices`, or a moment of `range`. */
export interface Asked {
  choices: Rich[];
  range: [low: number, high: number] | null;
  top?: number; // the largest value of a sketch; only a question for one has it
  mode?: number | null; // that is asked about
}

/** `text` is null where the scene has no question, and then there is no more. */
export interface QuestionMessage extends Asked {
  is: "question";
  seq: number;
  scene: number;
  text: Rich | null;
  state: QuestionState;
  step?: number;
  points?: number; // of a sketch
  tally?: Tally; // from the reveal on
  solution?: Answer | null; // when the run has been played
  verdict?: string;
}

/** For the desk only. */
export interface DeskMessage {
  is: "desk";
  seq: number;
  title: Rich;
  notes: Rich;
  next: string;
  following: Rich;
  scenes: { heading: Rich; minutes: number; asks: boolean }[];
  opened: number | null;
  live: Record<string, unknown>;
  tally?: Tally;
  solution?: Answer | null;
}

/** For presenters: what can be moved in this scene, and how it is now; nothing while the room predicts. */
export interface LiveMessage {
  is: "live";
  seq: number;
  settings: LiveSetting[];
  changed: boolean; // something is not as the script has it
}

/** Made in ui/lecture/live_settings.py: a setting of the run, and what it can be. */
export interface LiveSetting {
  path: string;
  label: string;
  value: number | string | boolean | null;
  hand: boolean; // in a row of its own
  kind: "choice" | "switch" | "number" | "list";
  choices?: [value: number | string, text: string][];
  low?: number;
  high?: number;
  whole?: boolean;
  empty?: boolean; // it may have no value
}

export interface RoomMessage {
  is: "room";
  code: string;
  address: string;
  started: number;
  minutes: number;
}

/** What the server knows of this browser. */
export interface YouMessage {
  is: "you";
  voter: string;
  scene: number;
  answer: Answer | null;
}

/** An answer is in the file, or was refused. */
export interface CountedMessage {
  is: "counted";
  scene: number;
  ok: boolean;
  value: Answer | null;
}

/** The clock of the server: `t` as it was sent, `s` in milliseconds. */
export interface TimeMessage {
  is: "time";
  t: number;
  s: number;
}

export interface CountMessage {
  is: "count";
  here: number;
  answers: number;
}

export interface PointMessage {
  is: "point";
  place: Place | null;
}

export interface DriverMessage {
  is: "driver";
  you: boolean;
  role: Role | null;
}

export interface NoticeMessage {
  is: "notice";
  text: string;
}

export type Message =
  | SceneMessage
  | QuestionMessage
  | DeskMessage
  | LiveMessage
  | RoomMessage
  | YouMessage
  | CountedMessage
  | TimeMessage
  | CountMessage
  | PointMessage
  | DriverMessage
  | NoticeMessage
  | { is: "here" }
  | { is: "refused" };

/** What is done with each kind of message, and with the state of the connection. */
export type Handlers =
  & { [Kind in Message["is"]]?: (message: Extract<Message, { is: Kind }>) => void }
  & { connection?: (state: ConnectionState) => void };

/** What the driver wants done; only what its `what` needs is read. */
export interface Action {
  what:
    | "next"
    | "previous"
    | "scene"
    | "play"
    | "pause"
    | "lock"
    | "reveal"
    | "view"
    | "blank"
    | "point"
    | "change"
    | "script";
  scene?: number;
  frame?: number;
  view?: SharedView;
  on?: boolean;
  place?: Place | null;
  path?: string;
  value?: LiveSetting["value"];
}

/** What a page sends over its socket. */
export type Sent =
  | { is: "time"; t: number }
  | { is: "me"; voter: string }
  | { is: "answer"; scene: number; value: Answer }
  | { is: "present"; key: string; role: Role }
  | { is: "drive" }
  | ({ is: "do" } & Action);

/** `alone` is called when somebody takes the player into their own hands, and when they give it back; null: nobody can. */
export interface StageSettings {
  projector?: boolean;
  alone?: ((on: boolean) => void) | null;
  reported?: ((view: SharedView) => void) | null; // takes a view that was changed by hand
}
