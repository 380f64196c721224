/** Series by their names, with samples in promtool's notation. */
export type Series = Record<string, string>;

/** Series that fire an alert. */
export interface Firing {
  series: Series;
  /** When the condition first holds: the alert fires as soon as that has lasted for the rule's `for`, and not before. */
  since: string;
  /** The alerts that are sent; one with the rule's own labels and texts unless told otherwise. */
  alerts?: SentAlert[];
}

export interface SentAlert {
  /** Beside the labels that the rule sets. */
  labels?: Record<string, string>;
  /** Where the rule's own has values filled in. */
  description?: string;
}

/** What fires an alert and what leaves it quiet, each by what is the matter. */
export interface AlertCase {
  /** Between the samples. */
  interval: string;
  /**
   * Between the evaluations of the rule.
   * @default that of the rule's group, or else the interval
   */
  evaluation?: string;
  fires: Record<string, Firing>;
  quiet: Record<string, Series>;
  /** How long the alert is quiet on the quiet series. */
  until: string;
}
