import type { RenderedFile } from '../machine/write-file';

/** A part of the lab. */
export type Component = Server | Step;

/** A long-running program. */
export interface Server extends Common {
  readonly kind: 'server';
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Working directory. Default: the state directory. */
  readonly directory?: string;
  /** Configuration files, written before the program starts. */
  readonly files?: readonly RenderedFile[];
  /** Directories, created before the program starts. */
  readonly folders?: readonly string[];
  readonly ready: Probe;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
}

/** An idempotent action of the bring-up: creates links, keys or objects in the cluster. */
export interface Step extends Common {
  readonly kind: 'step';
  readonly run: () => Promise<void>;
}

interface Common {
  readonly name: string;
  /** The pinned version. */
  readonly version: string;
  /** Names of the components that must be ready before this one starts. */
  readonly needs: readonly string[];
  readonly deadlineSeconds: number;
}

/** A readiness probe. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string; readonly certificate?: string; readonly contains?: string }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'check'; readonly passes: () => Promise<boolean> };
