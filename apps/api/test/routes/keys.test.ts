import { describe, expect, it } from 'vitest';

import { useService } from '../service.ts';

const service = useService();

function make(name: string, role: string) {
  return service().app.inject({ method: 'POST', url: '/v1/keys', payload: { name, role } });
}

describe('/v1/keys', () => {
  it('makes a key whose secret is told once and kept by nobody', async () => {
    const response = await make('alice', 'submit');
    expect(response.statusCode).toBe(201);
    expect(response.headers['cache-control']).toBe('no-store');
    const { key, ...rest } = response.json<{ key: string }>();
    expect(key).toMatch(/^cs_/);
    expect(rest).toMatchObject({ name: 'alice', role: 'submit' });
    const list = await service().app.inject('/v1/keys');
    expect(list.json()).toContainEqual(rest);
    expect(list.body + JSON.stringify(service().log)).not.toContain(key);
  });

  it('takes a key back once', async () => {
    const { id } = (await make('bob', 'read')).json<{ id: string }>();
    const remove = () => service().app.inject({ method: 'DELETE', url: `/v1/keys/${id}` });
    expect((await remove()).json()).toMatchObject({ id, name: 'bob' });
    const again = await remove();
    expect(again.statusCode).toBe(404);
    expect(again.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
  });

  it('refuses a name that another key has', async () => {
    await make('carol', 'read');
    expect((await make('carol', 'admin')).json()).toMatchObject({ code: 'KEY_EXISTS', field: 'name', value: 'carol' });
  });

  it.each([
    ['', 'read', 'name'],
    [' ', 'read', 'name'],
    ['x'.repeat(101), 'read', 'name'],
    ['dave', 'owner', 'role'],
  ])('refuses the name %o with the role %o', async (name, role, field) => {
    const response = await make(name, role);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });
});
