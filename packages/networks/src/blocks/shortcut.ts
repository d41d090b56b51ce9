import { isUnstrided, perAxis } from '../description/extent.ts';
import { networkFault } from '../description/network-fault.ts';
import type { Extent, ShortcutRule } from '../description/stage-schema.ts';
import type { FeatureShape } from '../layers/layer.ts';
import type { LayerComposer } from '../layers/layer-composer.ts';
import { sameShape } from '../layers/operation-shape.ts';
import type { BlockContext } from './block-kind.ts';

type Bridge = 'nothing' | 'input' | 'projection' | 'padding' | 'impossible';

/** What joins input and output where their shapes differ, by whether the block strides. */
const bridges: Readonly<Record<ShortcutRule, { readonly unstrided: Bridge; readonly strided: Bridge }>> = {
  none: { unstrided: 'nothing', strided: 'nothing' },
  'where-equal': { unstrided: 'nothing', strided: 'nothing' },
  'where-unstrided': { unstrided: 'projection', strided: 'nothing' },
  projection: { unstrided: 'projection', strided: 'projection' },
  padded: { unstrided: 'padding', strided: 'padding' },
  identity: { unstrided: 'impossible', strided: 'impossible' },
};

function bridgeFor(rule: ShortcutRule, input: FeatureShape, output: FeatureShape, stride: Extent): Bridge {
  if (rule !== 'none' && sameShape(input, output)) return 'input';
  const bridge = bridges[rule][isUnstrided(stride) ? 'unstrided' : 'strided'];
  return bridge === 'padding' && output.channels < input.channels ? 'impossible' : bridge;
}

/**
 * Ends a block: adds its input, bridge as `rule` says, to its output. In training the branch is dropped with the
 * block's stochastic depth rate, only where there is something to add it to.
 */
export function addShortcut(composer: LayerComposer, rule: ShortcutRule, context: BlockContext): void {
  const input = composer.shapeAt(0);
  const branch = composer.last;
  const output = composer.shapeAt(branch);
  const bridge = bridgeFor(rule, input, output, context.stride);
  if (bridge === 'impossible') {
    throw networkFault(
      `${context.path}.shortcut`,
      rule,
      `The block's input has shape ${shapeText(input)} and its output ${shapeText(output)}, which a shortcut "${rule}" cannot bridge.`,
      'Use the shortcut "projection", or keep stride 1 and equal channels.',
    );
  }
  if (bridge === 'nothing') return;
  const kept =
    context.dropRate > 0
      ? composer.add('stochastic-depth', { kind: 'stochastic-depth', rate: context.dropRate })
      : branch;
  composer.add('addition', { kind: 'addition' }, [kept, bridgePosition(composer, bridge, context)]);
}

function bridgePosition(composer: LayerComposer, bridge: Bridge, context: BlockContext): number {
  if (bridge === 'input') return 0;
  const strides = perAxis(context.stride, composer.shapeAt(0).spatial.length);
  if (bridge === 'padding') {
    return composer.add('shortcut', { kind: 'padded-shortcut', strides, filters: context.channels }, [0]);
  }
  return composer.convolution({
    name: 'shortcut',
    kernel: 1,
    stride: context.stride,
    filters: context.channels,
    input: 0,
  });
}

function shapeText(shape: FeatureShape): string {
  return [...shape.spatial, shape.channels].join('x');
}
