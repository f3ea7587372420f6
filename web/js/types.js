/**
 * The shapes the API answers in. Money is a decimal string, ratios are fractions, days are YYYY-MM-DD.
 *
 * @typedef {{id: string, metric: string, value: string | null, shown: string, unit: string, as_of: string,
 *   grade: string, label: string, dimensions: Record<string, string>}} Described
 * @typedef {{ref: string, metric: string, label: string, scope: string, name: string, value: string | null,
 *   unit: string, shown: string, as_of: string, grade: string, assumptions?: string[], missing?: string[],
 *   withheld?: string}} Cell
 * @typedef {{key: string, label: string, unit: string}} Column
 * @typedef {{scope: string, name: string, note?: string, cells: Record<string, Cell>}} Row
 * @typedef {{columns: Column[], rows: Row[], row_count: number}} Table
 * @typedef {{label: string, value: string, unit: string, shown: string, ref?: string, records?: string[]}} Driver
 * @typedef {{label: string, value: string, shown: string, ref?: string, role?: string}} Point
 * @typedef {{kind: "bar" | "waterfall" | "line", title: string, unit: string, points: Point[]}} Chart
 * @typedef {{label: string, value: string | null, shown: string, figure?: string | null}} Term
 * @typedef {{text?: string | null, figure?: string | null, shown?: string | null, name?: string | null,
 *   day?: string | null, count?: number | null}} Segment
 * @typedef {{kind?: string, metric?: string, scope?: string, scopes?: string[], by?: string | null,
 *   order?: string | null, limit?: number | null, threshold?: {op: string, value: string} | null,
 *   as_of?: string | null, since?: string | null, known_at?: string | null, scenario?: string[]}} Query
 * @typedef {{slot: string, label: string, value: unknown}} Chip
 * @typedef {{label: string, question: string, query: Query, shown?: string}} Option
 * @typedef {{read_at: string | null, stale: boolean, error: string | null, problems?: unknown[]}} SystemState
 * @typedef {Record<string, SystemState>} Freshness
 * @typedef {{figure: string, record_id: string, amount: string, system: string, on?: string | null,
 *   party?: string | null, rule?: string | null, url?: string | null, fetched_at?: string | null}} Citation
 * @typedef {{status: "answered" | "clarify" | "refused", text: string, restated: string, figures: Described[],
 *   citations: Citation[], follow_ups: string[], freshness: Freshness, assumptions: string[], snapshot: string,
 *   ties: string[], as_of: string, known_at: string | null, headline: string | null, segments: Segment[],
 *   queries: Query[], chips: Chip[], drivers: Driver[], table: Table | null, chart: Chart | null,
 *   method: {label: string, meaning: string, formula: string, method: string, terms: Term[]} | null,
 *   notes: string[], caveats: string[], conflicts: string[], hypothetical: boolean, options: Option[],
 *   refusal: {code: string, because: string, fix: string} | null,
 *   engine: {name: string, model?: string, summary?: string, milliseconds?: number} | null}} Answer
 * @typedef {{seq: number, at: string, stage: string, message: string}} ProgressEvent
 * @typedef {{id: string, status: "running" | "done" | "failed", events: ProgressEvent[], question: string,
 *   answer: Answer | null, error: ProblemDocument | null}} Job
 * @typedef {{type?: string, title?: string, status?: number, detail?: string, fix?: string}} ProblemDocument
 * @typedef {{link_id: string, kind: string, state: string, dollars: string | null, confidence: string | null,
 *   evidence: string[], decided_by?: string | null, left_record_id: string, left_name: string,
 *   right_record_id: string, right_name: string, decided_since?: string | null}} Link
 * @typedef {{name: string, label: string, unit: string, meaning?: string, kinds?: string[], by?: string[]}} MetricEntry
 * @typedef {{metrics: MetricEntry[], projects: {key: string, name: string, state?: string}[],
 *   managers: (string | Named)[], customers: (string | Named)[], codes: (string | Named)[],
 *   contract_types: string[], scenarios: string[],
 *   days: {newest: string, oldest: string | null, month_ends: string[]}}} Vocabulary
 * @typedef {{key?: string, id?: string, name?: string, label?: string}} Named
 */
export {};
