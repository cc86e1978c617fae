// @ts-check
// What the scripts share with the pictures of Python. Written by `python -m ui.player.constants`.

export const TOKEN_NAMES = [
  "bg",
  "ctl",
  "err",
  "line-rest",
  "text-rest",
  "well",
  "ink",
  "ink2",
  "ink3",
  "rule",
  "focus",
  "link",
  "ok",
  "warn",
  "negative",
  "zero",
  "positive",
  "line1",
  "line2",
  "line3",
  "line4",
  "line5",
  "line6",
  "text1",
  "text2",
  "text3",
  "text4",
  "text5",
  "text6"
];
export const MODES_COLOURED = 12;
export const GAMMA = 0.85;
export const OVERLAID = {
  "letters": [
    "a",
    "b",
    "c",
    "d"
  ],
  "dashes": [
    [],
    [
      9,
      3
    ],
    [
      2,
      3
    ],
    [
      9,
      3,
      2,
      3
    ]
  ],
  "modes": 6,
  "width": 2.2,
  "disc": 10.0
};
export const TALL = 236;
export const NARROW_HIGH = 226;
export const OTHER_MODES = {
  "points": 60,
  "flat": 0.0025
};
export const DISCS = {
  "radius": 9.0,
  "apart": 16.5,
  "step": 17.0,
  "low": 10.0
};
