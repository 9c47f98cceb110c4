/** An edge from an element to another that is in a lower row. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Where an element of a row stands. A lane is the gap through which edges to a lower row pass. */
export interface Placed {
  /** The name of the element, or of the element that the lane leads to. */
  readonly name: string;
  readonly row: number;
  readonly isLane: boolean;
  /** The horizontal center. */
  readonly x: number;
}

/** Horizontal sizes. */
export interface Sizes {
  readonly element: number;
  readonly lane: number;
  readonly gap: number;
}

/** A part of an edge between two neighboring rows. */
export interface Segment {
  readonly from: Placed;
  readonly to: Placed;
}

interface Cell {
  readonly name: string;
  readonly row: number;
  readonly isLane: boolean;
}

interface Link {
  readonly from: Cell;
  readonly to: Cell;
}

const sweeps = 12;

/**
 * Arranges rows so that few edges cross and none leads through an element. An edge over several rows uses a lane in each row between; edges to one
 * element share their lanes. Equal input gives equal positions.
 */
export function arrangeRows(rows: readonly (readonly string[])[], edges: readonly Edge[], sizes: Sizes) {
  const { cells, links } = insertLanes(rows, edges);
  const order = orderCells(cells, links);
  const centers = alignCells(order, links, sizes);
  const placed = new Map(order.flat().map((cell) => [cell, { ...cell, x: centers.get(cell) ?? 0 }]));
  const segments = links.map(
    ({ from, to }): Segment => ({ from: placed.get(from) as Placed, to: placed.get(to) as Placed }),
  );
  return { placed: [...placed.values()] as readonly Placed[], segments };
}

function insertLanes(rows: readonly (readonly string[])[], edges: readonly Edge[]) {
  const cells: Cell[][] = rows.map((names, row) => names.map((name) => ({ name, row, isLane: false })));
  const rowOf = new Map(rows.flatMap((names, row) => names.map((name) => [name, row] as const)));
  const links: Link[] = [];
  const findCell = (name: string, row: number) => cells[row]?.find((cell) => cell.name === name);
  const connect = (from: Cell, to: Cell) => {
    if (!links.some((link) => link.from === from && link.to === to)) {
      links.push({ from, to });
    }
  };
  for (const { from, to } of edges) {
    const [first, last] = [rowOf.get(from), rowOf.get(to)];
    if (first === undefined || last === undefined || first >= last) {
      throw new Error(`an edge must lead to a lower row: ${from} to ${to}`);
    }
    let previous = findCell(from, first) as Cell;
    for (let row = first + 1; row <= last; row++) {
      const lane: Cell = { name: to, row, isLane: true };
      const next = findCell(to, row) ?? lane;
      if (next === lane) {
        cells[row]?.push(lane);
      }
      connect(previous, next);
      previous = next;
    }
  }
  return { cells, links };
}

/** Sorts the cells of each row by the mean position of their neighbors, and keeps the order with the fewest crossings. */
function orderCells(initial: readonly (readonly Cell[])[], links: readonly Link[]): readonly (readonly Cell[])[] {
  let order = initial;
  let best = { order, crossings: countCrossings(order, links) };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDownward = sweep % 2 === 0;
    const positions = indexesOf(order);
    const rows = isDownward ? order : [...order].reverse();
    const sorted = rows.map((row) => {
      const means = new Map(
        row.map((cell) => {
          const neighbors = neighborsOf(cell, links, isDownward ? 'above' : 'below');
          return [cell, mean(neighbors.map((each) => positions.get(each) ?? 0)) ?? positions.get(cell) ?? 0];
        }),
      );
      const result = [...row].sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0));
      result.forEach((cell, index) => {
        positions.set(cell, index / Math.max(1, result.length - 1));
      });
      return result;
    });
    order = isDownward ? sorted : sorted.reverse();
    const crossings = countCrossings(order, links);
    best = crossings < best.crossings ? { order, crossings } : best;
  }
  return best.order;
}

/** Moves cells toward the mean of their neighbors, in their order and without overlap. */
function alignCells(
  order: readonly (readonly Cell[])[],
  links: readonly Link[],
  sizes: Sizes,
): ReadonlyMap<Cell, number> {
  const widthOf = (cell: Cell) => (cell.isLane ? sizes.lane : sizes.element);
  const distance = (a: Cell, b: Cell) => (widthOf(a) + widthOf(b)) / 2 + sizes.gap;
  const centers = new Map<Cell, number>();
  for (const row of order) {
    let x = 0;
    row.forEach((cell, index) => {
      const previous = row[index - 1];
      x += previous === undefined ? 0 : distance(previous, cell);
      centers.set(cell, x);
    });
    for (const cell of row) {
      centers.set(cell, (centers.get(cell) ?? 0) - x / 2);
    }
  }
  for (let sweep = 0; sweep < sweeps * 4; sweep++) {
    const isDownward = sweep % 2 === 0;
    for (const row of isDownward ? order : [...order].reverse()) {
      const wanted = row.map((cell) => {
        const neighbors = neighborsOf(cell, links, isDownward ? 'above' : 'below');
        return mean(neighbors.map((each) => centers.get(each) ?? 0)) ?? centers.get(cell) ?? 0;
      });
      separate(row, wanted, distance).forEach((x, index) => {
        centers.set(row[index] as Cell, x);
      });
    }
  }
  return centers;
}

/** Positions near the wanted ones that keep the distances: the mean of a pass from the left and a pass from the right. */
function separate(
  row: readonly Cell[],
  wanted: readonly number[],
  distance: (a: Cell, b: Cell) => number,
): readonly number[] {
  const left = [...wanted];
  for (let index = 1; index < row.length; index++) {
    const least = (left[index - 1] as number) + distance(row[index - 1] as Cell, row[index] as Cell);
    left[index] = Math.max(left[index] as number, least);
  }
  const right = [...wanted];
  for (let index = row.length - 2; index >= 0; index--) {
    const most = (right[index + 1] as number) - distance(row[index] as Cell, row[index + 1] as Cell);
    right[index] = Math.min(right[index] as number, most);
  }
  return left.map((x, index) => (x + (right[index] as number)) / 2);
}

function neighborsOf(cell: Cell, links: readonly Link[], side: 'above' | 'below'): readonly Cell[] {
  return side === 'above'
    ? links.filter(({ to }) => to === cell).map(({ from }) => from)
    : links.filter(({ from }) => from === cell).map(({ to }) => to);
}

function countCrossings(order: readonly (readonly Cell[])[], links: readonly Link[]): number {
  const positions = indexesOf(order);
  const at = (cell: Cell) => positions.get(cell) ?? 0;
  let crossings = 0;
  for (const [index, a] of links.entries()) {
    for (const b of links.slice(index + 1)) {
      const isCrossing = a.from.row === b.from.row && (at(a.from) - at(b.from)) * (at(a.to) - at(b.to)) < 0;
      crossings += isCrossing ? 1 : 0;
    }
  }
  return crossings;
}

/** The position of each cell in its row, from 0 to 1. */
function indexesOf(order: readonly (readonly Cell[])[]): Map<Cell, number> {
  return new Map(
    order.flatMap((row) => row.map((cell, index) => [cell, index / Math.max(1, row.length - 1)] as const)),
  );
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
