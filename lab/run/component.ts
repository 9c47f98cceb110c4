/** A file that a component reads; rendered by a pure function, written before it starts. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits; 0o600 where it holds a secret. Default 0o644. */
  readonly mode?: number;
}

/** How one sees from outside that a component serves. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string; readonly certificate?: string; readonly contains?: string }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'check'; readonly passes: () => Promise<boolean> };

interface Common {
  readonly name: string;
  /** As pinned. */
  readonly version: string;
  /** Names of what must be ready before. */
  readonly needs: readonly string[];
  readonly deadlineSeconds: number;
}

/** A program that goes on running. */
export interface Server extends Common {
  readonly kind: 'server';
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly files?: readonly RenderedFile[];
  readonly folders?: readonly string[];
  readonly ready: Probe;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
}

/** Something done once: links, keys, objects in the cluster. Doing it again changes nothing. */
export interface Step extends Common {
  readonly kind: 'step';
  readonly run: () => Promise<void>;
}

/** A part of the lab. */
export type Component = Server | Step;
