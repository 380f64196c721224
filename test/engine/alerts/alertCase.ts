/** Series of samples in promtool's notation, which fire an alert or leave it quiet. */
export interface AlertCase {
  /** Seconds between the samples. */
  interval: string;
  fires: Record<string, string>;
  quiet: Record<string, string>;
  /** When it is looked at. */
  at: string;
}
