import { accuracyDifferenceSchema, leaderboardSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { claimNext, engine, runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { post, advance, leaderboard, coefficients } = searchResults(service);

describe('GET /v1/searches/{id}/leaderboard', () => {
  it('shows every candidate with its cost and points before the first result', async () => {
    const search = await post();
    const { rows, state, baseline, searchId } = await leaderboard(search.id);
    expect({ state, searchId }).toEqual({ state: 'running', searchId: search.id });
    expect(rows).toHaveLength(search.candidates);
    expect(rows.reduce((sum, { points }) => sum + points.length, 0)).toBe(search.feasiblePoints);
    for (const row of rows) {
      expect(row).toMatchObject({ rank: null, validationAccuracy: null, tied: false, trials: { queued: 2 } });
      expect(row).toMatchObject({ probabilityBest: null, behindBest: null });
      expect(row.macsRatio).toBe(row.macs / baseline.macs);
    }
    await service().store.cancelSearch(search.id);
  });

  it('ranks by mean accuracy over the seeds, with the standard error', async () => {
    const search = await post();
    await runQueued(service().store, trainWell);
    const { rows } = await leaderboard(search.id);
    expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_row, index) => index + 1));
    const means = rows.map(({ validationAccuracy }) => validationAccuracy?.mean ?? 0);
    expect(means).toEqual(means.toSorted((one, other) => other - one));
    for (const { multipliers, validationAccuracy } of rows) {
      // Seeds 1 and 2 add 0.001 and 0.002: a mean of 0.0015 and a standard error of 0.0007071 / sqrt(2) = 0.0005.
      const mean = 0.9 - Math.abs(multipliers.width - 1.1) - (multipliers.depth - 1) / 100 + 0.0015;
      expect(validationAccuracy?.mean).toBeCloseTo(mean, 10);
      expect(validationAccuracy?.standardError).toBeCloseTo(0.0005, 10);
      expect(validationAccuracy?.seeds).toBe(2);
    }
    await advance();
    await service().store.cancelSearch(search.id);
  });

  it('shows of every row how far it is behind the best, and how probable it is that it is the best', async () => {
    const search = await post({ seeds: [1, 2, 3] });
    // Wide networks gain 0.02 with seeds 1 and 2 and lose 0.01 with seed 3: 0.01 in the mean.
    await runQueued(service().store, ({ multipliers, seed }) => ({
      validationAccuracy: multipliers.width > 1.1 ? 0.5 + (seed === 3 ? -0.01 : 0.02) : 0.5,
      testAccuracy: null,
      weightsHash: 'weights',
    }));
    const { rows } = await leaderboard(search.id);
    expect(rows.reduce((sum, { probabilityBest }) => sum + (probabilityBest ?? 0), 0)).toBeCloseTo(1, 9);
    expect(rows[0]?.behindBest).toBeNull();
    const { difference, standardError, interval } = accuracyDifferenceSchema.parse(rows.at(-1)?.behindBest);
    // A hundredth lies between the means; chance has probably added to it.
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.01);
    expect(standardError).toBeGreaterThan(0);
    const [low, high] = z.tuple([z.number(), z.number()]).parse(interval);
    expect(low).toBeLessThan(difference);
    expect(high).toBeGreaterThan(difference);
    for (const { expectedAccuracy } of rows) {
      const bounds = z.tuple([z.number(), z.number()]).parse(expectedAccuracy?.interval);
      expect(bounds[0]).toBeLessThan(expectedAccuracy?.mean ?? 0);
      expect(bounds[1]).toBeGreaterThan(expectedAccuracy?.mean ?? 1);
    }
    await advance();
    await service().store.cancelSearch(search.id);
  });

  it('keeps candidates without a result at the end, unranked', async () => {
    const search = await post();
    const claimed = await claimNext(service().store);
    const { trialId, fingerprint } = claimed?.specification ?? {};
    if (claimed === null || trialId === undefined) throw new Error('A trial was queued');
    const result = {
      validationAccuracy: 0.5,
      validationLoss: 1,
      testAccuracy: null,
      steps: 1,
      imagesPerSecond: 1,
      weightsHash: 'w',
    };
    await service().store.completeTrial({ trialId, token: claimed.token, result });
    const { rows } = await leaderboard(search.id);
    expect(rows[0]).toMatchObject({
      fingerprint,
      rank: 1,
      validationAccuracy: { mean: 0.5, standardError: null, seeds: 1 },
    });
    expect(rows.slice(1).every(({ rank }) => rank === null)).toBe(true);
    await service().store.cancelSearch(search.id);
  });

  it('comes in pages that together are the whole', async () => {
    const search = await post();
    const whole = await leaderboard(search.id);
    const rows = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? 'limit=2' : `limit=2&cursor=${cursor}`;
      const response = await service().app.inject(`/v1/searches/${search.id}/leaderboard?${query}`);
      const page = leaderboardSchema.parse(response.json());
      expect(page.rows.length).toBeLessThanOrEqual(2);
      rows.push(...page.rows);
      cursor = page.next;
    }
    expect(rows).toEqual(whole.rows);
    expect(whole.next).toBeNull();
    await service().store.cancelSearch(search.id);
  });

  it('ranks by the reward where that is the objective: the cheapest is first where nothing but cost counts', async () => {
    const search = await post({ objective: { kind: 'reward', exponent: -10 } });
    await runQueued(service().store, trainWell);
    const { rows } = await leaderboard(search.id);
    const macs = rows.map((row) => row.macs);
    expect(new Set(macs).size).toBeGreaterThan(1);
    expect(macs).toEqual(macs.toSorted((one, other) => one - other));
    const { multipliers, validationAccuracy, reward, macsRatio } = rows[0] ?? {};
    // What was measured, as the test above has it, and not the reward.
    const mean = 0.9 - Math.abs((multipliers?.width ?? 0) - 1.1) - ((multipliers?.depth ?? 0) - 1) / 100 + 0.0015;
    expect(validationAccuracy?.mean).toBeCloseTo(mean, 10);
    expect(reward).toBeCloseTo(mean * (macsRatio ?? 0) ** -10, 10);
    await advance();
    await runQueued(service().store, trainWell);
    await advance();
    const answer = await coefficients(search.id);
    expect(answer).toMatchObject({
      objective: { kind: 'reward', exponent: -10 },
      network: { macs: macs[0] },
      validationAccuracy: { mean: validationAccuracy?.mean },
    });
  });

  it('comes sorted and filtered, in pages of which a cursor gives the next', async () => {
    const search = await post();
    await runQueued(service().store, trainWell);
    const { rows } = await leaderboard(search.id);
    const median = rows.map(({ macs }) => macs).toSorted((one, other) => one - other)[Math.floor(rows.length / 2)] ?? 0;
    const expected = rows.filter(({ macs }) => macs <= median).toSorted((one, other) => other.macs - one.macs);
    const url = `/v1/searches/${search.id}/leaderboard?sort=macs&order=descending&maximumMacs=${median}&limit=1`;
    const seen = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = leaderboardSchema.parse((await service().app.inject(`${url}${query}`)).json());
      seen.push(...page.rows);
      cursor = page.next;
    }
    expect(seen).toEqual(expected);
    for (const { paretoOptimal, reward, macs, macsRatio, validationAccuracy } of rows) {
      const mean = validationAccuracy?.mean ?? NaN;
      expect(reward).toBeCloseTo(mean * macsRatio ** -0.07, 12);
      const isDominated = rows.some(
        (other) =>
          (other.validationAccuracy?.mean ?? NaN) >= mean &&
          other.macs <= macs &&
          ((other.validationAccuracy?.mean ?? NaN) > mean || other.macs < macs),
      );
      expect(paretoOptimal).toBe(!isDominated);
    }
    const none = await service().app.inject(`/v1/searches/${search.id}/leaderboard?minimumTrials=3&tied=true`);
    expect(leaderboardSchema.parse(none.json())).toMatchObject({ rows: [], next: null });
    await advance();
    await service().store.cancelSearch(search.id);
  });

  it('comes as comma-separated values where they are asked for, with an ETag of their own', async () => {
    const search = await post();
    await runQueued(service().store, trainWell);
    const { rows } = await leaderboard(search.id);
    const url = `/v1/searches/${search.id}/leaderboard`;
    const json = await service().app.inject(url);
    const csv = await service().app.inject({ url, headers: { accept: 'text/csv' } });
    expect(csv.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', vary: 'accept' });
    const [header = '', ...lines] = csv.body.trimEnd().split('\r\n');
    expect(header).toMatch(/^rank,alpha,beta,gamma,product,accuracy,standardError,seeds,tied,/u);
    expect(lines.map((line) => line.split(',').slice(0, 4).map(Number))).toEqual(
      rows.map(({ rank, points: [point] }) => [rank, point?.alpha, point?.beta, point?.gamma]),
    );
    expect((await service().app.inject(`${url}?format=csv`)).body).toBe(csv.body);
    const etag = String(csv.headers.etag);
    const again = await service().app.inject({ url, headers: { accept: 'text/csv', 'if-none-match': etag } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const missing = await service().app.inject('/v1/searches/none/leaderboard?format=csv');
    expect([missing.statusCode, missing.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    // Who has the one form does not have the other.
    expect(etag).not.toBe(json.headers.etag);
    expect((await service().app.inject({ url, headers: { 'if-none-match': etag } })).statusCode).toBe(200);
    await advance();
    await service().store.cancelSearch(search.id);
  });

  it.each([
    ['sort=colour', 'sort'],
    ['order=up', 'order'],
    ['tied=maybe', 'tied'],
    ['minimumTrials=-1', 'minimumTrials'],
    ['minimumTrials=', 'minimumTrials'],
    ['maximumParameters=0x10', 'maximumParameters'],
    ['maximumMacs=many', 'maximumMacs'],
    ['format=xml', 'format'],
    ['format=csv&cursor=1', 'cursor'],
  ])('refuses %s', async (query, field) => {
    const { id } = await post();
    const response = await service().app.inject(`/v1/searches/${id}/leaderboard?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field });
    await service().store.cancelSearch(id);
  });

  it.each(['0', '-1', 'x', '1e3', '99999999999'])('refuses the cursor %s, which no page has given', async (cursor) => {
    const { id } = await post();
    const response = await service().app.inject(`/v1/searches/${id}/leaderboard?cursor=${cursor}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field: 'cursor', value: cursor });
    await service().store.cancelSearch(id);
  });

  it('lists the engines that its trials ran on, so that a mixture shows', async () => {
    const search = await post({ seeds: [1] });
    const claimed = await claimNext(service().store);
    if (claimed === null) throw new Error('A trial is queued');
    const attempt = { trialId: claimed.specification.trialId, token: claimed.token };
    const other = { ...engine, platform: 'another', fingerprint: 'f'.repeat(64) };
    await service().store.recordStart({ ...attempt, engine: other, steps: 10 });
    const result = { validationAccuracy: 0.5, testAccuracy: null, weightsHash: 'a', validationLoss: 1, steps: 10 };
    await service().store.completeTrial({ ...attempt, result: { ...result, imagesPerSecond: 1 } });
    await runQueued(service().store, trainWell);
    expect((await leaderboard(search.id)).engines).toEqual([
      { engine, trials: search.trials.total - 1 },
      { engine: other, trials: 1 },
    ]);
    await advance();
    expect((await coefficients(search.id)).engines).toHaveLength(2);
    await service().store.cancelSearch(search.id);
  });
});

describe('an answer that depends on a search', () => {
  const paths = ['', '/leaderboard', '/coefficients'];

  it.each(paths)('is not sent again at %s while nothing has changed', async (path) => {
    const search = await post({ seeds: [1] });
    await runQueued(service().store, trainWell);
    await advance();
    const url = `/v1/searches/${search.id}${path}`;
    const { etag } = (await service().app.inject(url)).headers;
    const headers = { 'if-none-match': String(etag) };
    const unchanged = await service().app.inject({ url, headers });
    expect({ status: unchanged.statusCode, body: unchanged.body, etag: unchanged.headers.etag }).toEqual({
      status: 304,
      body: '',
      etag,
    });
    const attempt = await claimNext(service().store);
    expect(attempt).not.toBeNull();
    const changed = await service().app.inject({ url, headers });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
    await service().store.cancelSearch(search.id);
  });
});
