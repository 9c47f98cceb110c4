import { Option } from 'commander';

/** `--catalog`: beside the working directory, or where a bundle keeps its own. */
export function catalogOption(): Option {
  return new Option('--catalog <directory>', 'folder of platform.yaml and services/')
    .env('BOWLINE_CATALOG')
    .default('catalog');
}

export function jsonOption(): Option {
  return new Option('--json', 'answer as one JSON object on standard output').default(false);
}

/** An option that the pipeline gives as environment variable and a person as flag. */
export function given(flags: string, variable: string, description: string): Option {
  return new Option(flags, description).env(variable);
}
