import { recipeOfService } from '../recipe';

export interface DockerfileOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
  readonly ignore?: boolean;
}

/** `bowline dockerfile` */
export function runDockerfile(name: string, { catalog, json, source, ignore }: DockerfileOptions): void {
  const { dockerfile, dockerignore } = recipeOfService(catalog, name, source);
  if (json) {
    process.stdout.write(`${JSON.stringify({ dockerfile, dockerignore })}\n`);
    return;
  }
  process.stdout.write(ignore === true ? dockerignore : dockerfile);
}
