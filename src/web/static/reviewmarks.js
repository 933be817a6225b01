// What somebody decides about groups of duplicates: a mark for each picture, by rules that no file of decisions may break.

export const KEEP = "K", SPARE = "S", DIFFERENT = "D";

// What is gone is not decided any more.
const GONE = "-";

/** A group of duplicates: its pictures, the one that is proposed to be kept first, and their marks. */
export class Group {
  constructor(values, marks) {
    this.key = values.key;
    this.kind = values.kind;
    const keep = { ...values.keep, kind: "", similarity: 1, orientation: "", protected: false, takes_disk: true };
    this.pictures = [keep, ...values.spares];
    this.proposal = this.#propose();
    // Marks that do not fit are of another version of the page.
    this.marks = marks && marks.length === this.proposal.length && /^[KSD-]+$/.test(marks) ? marks : null;
  }

  /** The marks, those that are proposed as long as nothing is decided. */
  get shown() {
    return this.marks ?? this.proposal;
  }

  get isDecided() {
    return this.marks !== null;
  }

  /** The places of the pictures that are still there. */
  get places() {
    return [...this.pictures.keys()].filter((place) => !this.pictures[place].gone);
  }

  /** Whether there are still two pictures to decide about. */
  get isOpen() {
    return this.places.length > 1;
  }

  /** The pictures with a mark. */
  marked(mark, marks = this.shown) {
    return this.pictures.filter((picture, place) => marks[place] === mark && !picture.gone);
  }

  /** How much disk is won by marks. */
  won(marks = this.shown) {
    let sum = 0;
    this.pictures.forEach((picture, place) => {
      const isOtherName = place === 0 && this.pictures.some((one, other) => !one.takes_disk && marks[other] !== SPARE);
      if (marks[place] === SPARE && !picture.gone && picture.takes_disk && !isOtherName) sum += picture.bytes;
    });
    return sum;
  }

  /** The marks when a picture gets one. Throws an Error whose message tells people why it cannot have it. */
  withMark(place, mark) {
    const marks = [...this.shown];
    const picture = this.pictures[place];
    if (picture.gone) throw new Error("This picture is gone.");
    if (mark === SPARE && picture.protected) throw new Error("This picture is protected, and stays.");
    const same = this.#sameContent(place);
    if (mark === DIFFERENT) {
      if (same.length === this.places.length) {
        throw new Error("These are the same file, byte by byte: they stay duplicates.");
      }
      for (const one of same) marks[one] = DIFFERENT;
    } else {
      // What has the same content is not different from it.
      for (const one of same) if (marks[one] === DIFFERENT) marks[one] = this.#asCopy(one);
      marks[place] = mark;
    }
    return this.#withKept(marks, place);
  }

  /** The marks when a picture is the only one to be kept of those that are copies. */
  withOnly(place) {
    if (this.pictures[place].gone) throw new Error("This picture is gone.");
    const marks = [...this.withMark(place, KEEP)];
    marks.forEach((mark, other) => {
      if (other !== place && mark === KEEP) marks[other] = this.#asCopy(other);
    });
    return marks.join("");
  }

  /** The marks when no two of it are duplicates. */
  withNone() {
    const { places } = this;
    if (this.#sameContent(places[0]).length === places.length) {
      throw new Error("These are the same file, byte by byte: they stay duplicates.");
    }
    return this.pictures.map((picture) => (picture.gone ? GONE : DIFFERENT)).join("");
  }

  #asCopy(place) {
    if (this.pictures[place].gone) return GONE;
    return this.pictures[place].protected ? KEEP : SPARE;
  }

  #propose() {
    const marks = this.pictures.map((_, place) => this.#asCopy(place));
    const first = marks.findIndex((mark) => mark !== GONE);
    if (first >= 0 && !marks.includes(KEEP)) marks[first] = KEEP;
    else if (first === 0) marks[0] = KEEP;
    return marks.join("");
  }

  /** Each spare has a picture that is kept; another one is, if that is clear. */
  #withKept(marks, place) {
    if (marks.includes(SPARE) && !marks.includes(KEEP)) {
      const others = marks.map((mark, other) => (mark === SPARE && other !== place ? other : -1)).filter((one) => one >= 0);
      if (marks[place] === SPARE && others.length !== 1) {
        throw new Error("One of them must be kept: keep another one first.");
      }
      marks[others[0]] = KEEP;
    }
    return marks.join("");
  }

  /** The places of the pictures whose files are the same, as far as that is told, and of this one. */
  #sameContent(place) {
    const content = (one) =>
      one.kind === "" || one.kind === "file" ? "kept" : [one.kind, one.similarity, one.bytes, one.width, one.height].join();
    const wanted = content(this.pictures[place]);
    return this.places.filter((one) => content(this.pictures[one]) === wanted);
  }
}

/** The decisions about all groups of an index, which stay in the browser, and can be taken back one by one. */
export class Review extends EventTarget {
  #name;
  #stored;
  #done = [];

  constructor(index) {
    super();
    this.#name = `image-similarity review ${index}`;
    this.#stored = this.#read();
    this.groups = [];
    this.isKept = true;
    addEventListener("storage", (event) => {
      if (event.key === this.#name) this.#takeOver();
    });
  }

  /** Take groups as the service tells them; return those that are new and still open. */
  add(values) {
    const groups = values.map((one) => new Group(one, this.#stored[one.key])).filter((group) => group.isOpen);
    this.groups.push(...groups);
    return groups;
  }

  get decided() {
    return this.groups.filter((group) => group.isDecided);
  }

  /** How much disk is won by what is decided. */
  get won() {
    return this.decided.reduce((sum, group) => sum + group.won(), 0);
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  /** Set the marks of groups, null for none; one undo takes all of it back. */
  set(changes) {
    this.#done.push(changes.map(([group]) => [group, group.marks]));
    this.#apply(changes);
  }

  /** Take back what was done last; return the groups that it was done to. */
  undo() {
    const changes = this.#done.pop() ?? [];
    this.#apply(changes);
    return changes.map(([group]) => group);
  }

  #apply(changes) {
    // Another tab may have decided something else meanwhile.
    this.#stored = this.#read();
    for (const [group, marks] of changes) {
      group.marks = marks;
      if (marks === null) delete this.#stored[group.key];
      else this.#stored[group.key] = marks;
    }
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.#stored));
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
    this.dispatchEvent(new CustomEvent("change", { detail: changes.map(([group]) => group) }));
  }

  #takeOver() {
    this.#stored = this.#read();
    const changed = this.groups.filter((group) => group.marks !== (this.#stored[group.key] ?? null));
    for (const group of changed) group.marks = this.#stored[group.key] ?? null;
    this.#done = [];
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
  }

  #read() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.#name));
      return stored && typeof stored === "object" && !Array.isArray(stored) ? stored : {};
    } catch {
      return {};
    }
  }
}
