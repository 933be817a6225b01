// A rectangle on a picture: drawn, moved and resized by mouse, pen, finger and keyboard. It is in shares from 0 to 1.

export const SIDES = ["left", "top", "width", "height"];
const SMALLEST = 0.02;
const STEP = 0.02;
const CORNER_PIXELS = 18;

const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** Return the nearest rectangle that lies on the picture and is large enough. */
export function legalPart({ left, top, width, height }) {
  const wide = within(width, SMALLEST, 1);
  const tall = within(height, SMALLEST, 1);
  return { left: within(left, 0, 1 - wide), top: within(top, 0, 1 - tall), width: wide, height: tall };
}

function between(one, other) {
  const left = Math.min(one.x, other.x);
  const top = Math.min(one.y, other.y);
  return { left, top, width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

export class Rectangle {
  /**
   * Watch a frame, the element that the picture fills, and the element that shows the part.
   * `mayDraw(event)` tells whether a finger draws or scrolls; `onDone(part)` gets null if it was taken away.
   */
  constructor(frame, element, { mayDraw, onChange, onDone }) {
    this.part = null;
    Object.assign(this, { frame, element, mayDraw, onChange, onDone });
    this.drag = null;
    frame.addEventListener("pointerdown", (event) => this.begin(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    frame.addEventListener("pointerup", (event) => this.end(event));
    frame.addEventListener("pointercancel", () => this.cancel());
    element.addEventListener("keydown", (event) => this.press(event));
  }

  /** Show a part, or none. */
  show(part) {
    this.part = part;
    this.element.hidden = !part;
    if (!part) return;
    for (const side of SIDES) this.element.style[side] = `${100 * part[side]}%`;
  }

  change(part) {
    this.show(part);
    this.onChange(part);
  }

  pointOf(event) {
    const box = this.frame.getBoundingClientRect();
    return {
      x: within((event.clientX - box.left) / box.width, 0, 1),
      y: within((event.clientY - box.top) / box.height, 0, 1),
    };
  }

  // A drag holds the corner that stays where it is, or else the part as it was and where it was taken.
  dragFrom(point) {
    if (!this.part) return { anchor: point };
    const box = this.frame.getBoundingClientRect();
    const { left, top, width, height } = this.part;
    const corners = [[left, top], [left + width, top], [left + width, top + height], [left, top + height]];
    for (const [number, [x, y]] of corners.entries()) {
      if (Math.hypot((point.x - x) * box.width, (point.y - y) * box.height) < CORNER_PIXELS) {
        const [anchorX, anchorY] = corners[(number + 2) % 4];
        return { anchor: { x: anchorX, y: anchorY } };
      }
    }
    const isInside = point.x > left && point.x < left + width && point.y > top && point.y < top + height;
    return isInside ? { part: this.part, from: point } : { anchor: point };
  }

  begin(event) {
    if (event.button !== 0 || !event.isPrimary || !this.mayDraw(event)) return;
    event.preventDefault();
    this.frame.setPointerCapture(event.pointerId);
    this.before = this.part;
    this.drag = this.dragFrom(this.pointOf(event));
  }

  move(event) {
    if (!this.drag || !event.isPrimary) return;
    const point = this.pointOf(event);
    const { anchor, part, from } = this.drag;
    if (anchor) this.change(between(anchor, point));
    else this.change(legalPart({ ...part, left: part.left + point.x - from.x, top: part.top + point.y - from.y }));
  }

  end(event) {
    if (!this.drag || !event.isPrimary) return;
    this.drag = null;
    const isTiny = this.part && (this.part.width < SMALLEST || this.part.height < SMALLEST);
    if (isTiny) this.change(this.before);
    if (this.part && this.part !== this.before) this.onDone(this.part);
  }

  cancel() {
    if (!this.drag) return;
    this.drag = null;
    this.change(this.before);
  }

  press(event) {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.key === "Escape") {
      this.onDone(null);
    } else if (x || y) {
      event.preventDefault();
      const { left, top, width, height } = this.part;
      const moved = event.shiftKey
        ? { left, top, width: within(width + x * STEP, SMALLEST, 1 - left), height: within(height + y * STEP, SMALLEST, 1 - top) }
        : { left: left + x * STEP, top: top + y * STEP, width, height };
      this.change(legalPart(moved));
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.part && this.onDone(this.part), 500);
    }
  }
}
