/* The Kubernetes quantities that the catalog accepts: binary units for memory, cores or millicores for CPU. */

const memoryUnits: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

const memoryGrammar = /^([1-9][0-9]*)(Ki|Mi|Gi)$/;
const cpuGrammar = /^(?:([1-9][0-9]*)m|((?:0|[1-9][0-9]*)(?:\.[0-9]{1,3})?))$/;

export function isMemoryQuantity(text: string): boolean {
  return memoryGrammar.test(text);
}

export function isCpuQuantity(text: string): boolean {
  return cpuGrammar.test(text) && milliCores(text) > 0;
}

/** Converts a memory quantity such as `512Mi` to bytes. @throws Error on another form */
export function memoryBytes(text: string): number {
  const match = memoryGrammar.exec(text);
  if (!match) {
    throw new Error(`memory must be a number with a unit Ki, Mi or Gi, such as 512Mi, got: ${JSON.stringify(text)}`);
  }
  return Number(match[1]) * (memoryUnits[match[2] as string] as number);
}

/** Converts a CPU quantity such as `250m` or `1.5` to millicores. @throws Error on another form */
export function milliCores(text: string): number {
  const match = cpuGrammar.exec(text);
  if (!match) {
    throw new Error(`cpu must be cores or millicores, such as 250m or 1.5, got: ${JSON.stringify(text)}`);
  }
  return match[1] === undefined ? Math.round(Number(match[2]) * 1000) : Number(match[1]);
}
