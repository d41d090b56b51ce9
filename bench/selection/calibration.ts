/**
 * Whether what the product states of its answers holds, over made-up searches whose best candidate is known: of every
 * probability and interval the share that holds, by surface and by the stated value, and what the former rule comes to.
 * `npm run bench:calibration -- [replications] [numbers of candidates] [part of a surface's name]`.
 */
import { assess } from '@compound-search/ranking';

import { designs } from './designs.ts';
import { stateByFormerRule } from './former-rule.ts';
import { checkStatements, noStatements, type Statement, statementKinds, type Statements } from './statements.ts';
import { simulateSearch, type Surface, surfaceName, surfaces } from './surfaces.ts';

const bounds = [0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001];
/** A bin with fewer statements says too little. */
const smallestBin = 300;

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}

function statedOf(statements: readonly Statement[]): number {
  return statements.reduce((sum, { stated }) => sum + stated, 0) / statements.length;
}

function heldOf(statements: readonly Statement[]): number {
  return statements.filter(({ held }) => held).length / statements.length;
}

function printBins(statements: Statements): void {
  for (const kind of statementKinds) {
    const all = statements.get(kind) ?? [];
    console.log(`\n${kind}: stated ${percent(statedOf(all))} %, holds in ${percent(heldOf(all))} % of ${all.length}`);
    for (const [index, high] of bounds.slice(1).entries()) {
      const inside = all.filter(({ stated }) => stated >= (bounds[index] ?? 0) && stated < high);
      if (inside.length < smallestBin || inside.length === all.length) continue;
      console.log(`  stated ${percent(statedOf(inside))} %, holds in ${percent(heldOf(inside))} % of ${inside.length}`);
    }
  }
}

/** What one surface and design come to, pooled over the numbers of candidates. */
function measure(surface: Surface, train: (typeof designs)[number]['train'], pool: Statements): string {
  const statements = noStatements();
  for (const count of candidateCounts) {
    for (let replication = 0; replication < replications; replication++) {
      const search = simulateSearch(surface, count, replication);
      checkStatements(assess(train(search)), search, statements);
    }
  }
  if (surface.noise === 'normal') {
    for (const [kind, all] of statements) for (const statement of all) pool.get(kind)?.push(statement);
  }
  return statementKinds
    .map((kind) => statements.get(kind) ?? [])
    .map((all) => `${percent(statedOf(all))} /${percent(heldOf(all))}`)
    .join('  ');
}

/** The figures for which the rule was changed: true means N(0.95, 0.005), seed noise 0.005, common to a seed 0.003. */
function measureFormerRule(): void {
  for (const [count, design] of [
    [7, 0],
    [3, 0],
    [7, 1],
    [7, 2],
    [20, 0],
  ] as const) {
    const statements: Statement[] = [];
    const now = noStatements();
    let tied = 0;
    for (let replication = 0; replication < replications; replication++) {
      const search = simulateSearch({ shape: 'independent', noise: 'normal' }, count, replication);
      const measured = designs[design]?.train(search) ?? [];
      checkStatements(assess(measured), search, now);
      const former = stateByFormerRule(measured);
      const best = search.candidates.find(({ trueMean }) => trueMean === search.highest)?.fingerprint ?? '';
      statements.push({ stated: former.probabilityBest, held: former.leader === best });
      tied += Number(former.tied.includes(best));
    }
    const sure = statements.filter(({ stated }) => stated >= 0.95);
    const today = now.get('the winner is the best') ?? [];
    const todaySure = today.filter(({ stated }) => stated >= 0.95);
    console.log(
      `${count} candidates, ${designs[design]?.name ?? ''}: former rule ${percent(statedOf(statements))} /${percent(heldOf(statements))}, ` +
        `from 95 % on ${percent(statedOf(sure))} /${percent(heldOf(sure))} (${sure.length}), best tied ${percent(tied / replications)}; ` +
        `today ${percent(statedOf(today))} /${percent(heldOf(today))}, from 95 % on ${percent(statedOf(todaySure))} /${percent(heldOf(todaySure))} (${todaySure.length})`,
    );
  }
}

const [replicationText = '1000', countText = '3,7,20,60,200', pattern = ''] = process.argv.slice(2);
const replications = Number(replicationText);
const candidateCounts = countText.split(',').map(Number);

console.log(`${replications} replications, ${countText} candidates; every figure is stated / holds, in percent`);
measureFormerRule();
console.log(`\n${'surface, noise, seeds'.padEnd(36)}${statementKinds.join('; ')}`);
const pool = noStatements();
for (const surface of surfaces.filter((one) => surfaceName(one).includes(pattern))) {
  for (const { name, train } of designs) {
    console.log(`${`${surfaceName(surface)}, ${name}`.padEnd(36)}${measure(surface, train, pool)}`);
  }
}
console.log('\nPooled over the surfaces with normal noise');
printBins(pool);
