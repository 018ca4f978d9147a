/** The lightness that WCAG 2.2 reckons with, from 0 to 1, of a colour written `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). WCAG 2.2 AA wants 4.5 for text, and 3 for the edges of controls. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** White where it can be read on the colour, else black: one of the two always has 4.5. */
export function inkOn(colour: string): '#ffffff' | '#000000' {
  return contrast(colour, '#ffffff') >= 4.5 ? '#ffffff' : '#000000';
}

/** The colour, or the nearest of its shades that stands out from the ground by `least`. */
export function visibleOn(ground: string, colour: string, least: number): string {
  const away = luminance(ground) > 0.18 ? 0 : 255;
  const shades = Array.from({ length: 21 }, (_, step) => mix(colour, away, step / 20));
  return shades.find((shade) => contrast(shade, ground) >= least) ?? mix(colour, away, 1);
}

/** How the colour is shown while it is pointed at: a shade of it, on which what is written on it can still be read. */
export function pointedAt(colour: string): string {
  const darker = mix(colour, 0, 0.08);
  return contrast(darker, inkOn(colour)) >= 4.5 ? darker : mix(colour, 255, 0.08);
}

function mix(colour: string, towards: 0 | 255, share: number): string {
  const mixed = channels(colour).map((channel) => Math.round(channel + (towards - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
