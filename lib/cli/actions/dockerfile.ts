import { recipeOfService } from '../recipe';

export interface DockerfileOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
  readonly ignore?: boolean;
}

/** `bowline dockerfile` */
export async function runDockerfile(name: string, { catalog, json, source, ignore }: DockerfileOptions): Promise<void> {
  const { recipe } = await recipeOfService(catalog, name, source);
  const { dockerfile, dockerignore } = recipe;
  if (json) {
    process.stdout.write(`${JSON.stringify({ dockerfile, dockerignore })}\n`);
    return;
  }
  process.stdout.write(ignore === true ? dockerignore : dockerfile);
}
