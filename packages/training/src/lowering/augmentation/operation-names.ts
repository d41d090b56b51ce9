/**
 * The operations that each image's are drawn from, all equally often: the 14 of Cubuk et al. 2020, section 3, and
 * `invert`, which tensorflow/tpu models/official/efficientnet/autoaugment.py has besides. That file's `solarizeAdd` and
 * `cutout` are left out; random erasing is the latter.
 */
export const randAugmentOperations = [
  'identity',
  'autoContrast',
  'equalize',
  'invert',
  'rotate',
  'posterize',
  'solarize',
  'color',
  'contrast',
  'brightness',
  'sharpness',
  'shearX',
  'shearY',
  'translateX',
  'translateY',
] as const;

export type RandAugmentOperation = (typeof randAugmentOperations)[number];
