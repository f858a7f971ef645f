import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeploymentApproval } from '#lib/base/env.ts';
import { randomToken } from '#lib/base/ids.ts';
import { deployments } from '#lib/db/schema.ts';
import { admitDeployment } from '#lib/platforms/admit-deployment.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { mostPendingDeployments } from '#lib/platforms/rules.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();

/** A registered platform with these deployments, approved. */
async function register(deploymentIds: string[] = [], issuer = 'https://canvas.example') {
  const platform = await registerPlatform(tool.ctx, {
    issuer,
    clientId: randomToken(6),
    name: 'Canvas',
    authorizeUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    deploymentIds,
  });
  return platform.id;
}

const kept = (platformId: string) =>
  tool.ctx.db.select().from(deployments).where(eq(deployments.platformId, platformId));

describe('a launch of a deployment', () => {
  let platformId: string;
  const admit = (deploymentId: string, approval: DeploymentApproval = 'never') =>
    admitDeployment(tool.ctx, { platformId, deploymentId, approval });

  beforeEach(async () => {
    platformId = await register();
  });

  test('that the operator entered is admitted', async () => {
    platformId = await register(['1:a']);
    expect(await admit('1:a')).toMatchObject({ deploymentId: '1:a' });
  });

  test('that nobody has heard of is kept, waits, and its row’s id is told', async () => {
    const refusal = await admit('1:a').catch((error: unknown) => error);
    const [row] = await kept(platformId);
    expect(row).toMatchObject({ deploymentId: '1:a', approvedAt: null });
    expect(refusal).toMatchObject({ code: 'deployment-pending', facts: { deployment: row?.id } });
    await expect(admit('1:a')).rejects.toMatchObject({ facts: { deployment: row?.id } });
    expect(await kept(platformId)).toHaveLength(1);
  });

  test.each<[DeploymentApproval, string[], boolean]>([
    ['never', [], false],
    ['first', [], true],
    ['first', ['1:a'], false],
    ['always', [], true],
    ['always', ['1:a'], true],
  ])('setting %s, beside %j: admitted at once is %s', async (approval, beside, admitted) => {
    platformId = await register(beside);
    const answer = await admit('2:b', approval).then(
      (deployment) => deployment.approvedAt,
      (error: unknown) => error,
    );
    if (admitted) expect(answer).toEqual(saturday);
    else expect(answer).toMatchObject({ code: 'deployment-pending' });
  });

  test('that waits goes on waiting, whatever the setting says later', async () => {
    await expect(admit('1:a')).rejects.toMatchObject({ code: 'deployment-pending' });
    await expect(admit('1:a', 'always')).rejects.toMatchObject({ code: 'deployment-pending' });
  });

  test('of several at the same moment one is the first', async () => {
    const ids = ['1:a', '2:b', '3:c', '4:d', '5:e'];
    const outcomes = await Promise.allSettled(ids.map((id) => admit(id, 'first')));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect((await kept(platformId)).filter((row) => row.approvedAt !== null)).toHaveLength(1);
  });

  test('the same one at the same moment is one, and admitted to both', async () => {
    const both = await Promise.all([admit('1:a', 'first'), admit('1:a', 'first')]);
    expect(both[0].id).toBe(both[1].id);
  });

  test('is not kept any more when too many wait, and is refused all the same', async () => {
    for (let number = 0; number < mostPendingDeployments; number += 1) {
      await expect(admit(`${String(number)}:x`)).rejects.toMatchObject({ code: 'deployment-pending' });
    }
    await expect(admit('one-too-many')).rejects.toMatchObject({ facts: { kept: false } });
    expect(await kept(platformId)).toHaveLength(mostPendingDeployments);
  });
});
