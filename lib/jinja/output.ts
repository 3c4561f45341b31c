import type { SourceRange } from '../model/source.ts';
import type { Places, Rendered } from './api.ts';
import { checkLength } from './python/meter.ts';
import { isSamePlace, type Site, type Via } from './site.ts';

/** Where a template writes to. */
export class Output {
  text = '';

  /** @param exact whether the text stands in the template as it is, so that each character has its own place. */
  write(text: string, site: Site, via: Via | null, exact: boolean): void;
  write(text: string): void {
    this.text += text;
    checkLength(this.text.length);
  }
}

/** An output that remembers which place wrote what. */
export class MappedOutput extends Output implements Places {
  private readonly starts: number[] = [];
  private readonly sites: Site[] = [];
  private readonly vias: (Via | null)[] = [];
  private readonly exacts: boolean[] = [];

  override write(text: string, site: Site, via: Via | null, exact: boolean): void {
    if (text === '') return;
    this.starts.push(this.text.length);
    this.sites.push(site);
    this.vias.push(via);
    this.exacts.push(exact);
    super.write(text, site, via, exact);
  }

  /** What was written, with a look-up from offsets to places; an empty text is all `whole`. */
  finish(whole: Site): Rendered {
    return { text: this.text, places: this, at: (offset) => this.at(offset, whole) };
  }

  isSame(other: Places): boolean {
    return (
      other instanceof MappedOutput &&
      this.text.length === other.text.length &&
      this.starts.length === other.starts.length &&
      this.starts.every(
        (start, index) =>
          start === other.starts[index] &&
          this.exacts[index] === other.exacts[index] &&
          isSamePlace([this.sites[index], this.vias[index]], [other.sites[index], other.vias[index]]),
      )
    );
  }

  private at(offset: number, whole: Site): SourceRange {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const site = this.sites[low] ?? whole;
    const via = this.vias[low] ?? null;
    if (this.exacts[low] !== true) return site.range(via);
    return site.point(
      via,
      Math.min(Math.max(0, offset - (this.starts[low] ?? 0)), site.end - site.start - 1),
    );
  }
}
