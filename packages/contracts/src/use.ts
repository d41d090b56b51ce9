import { z } from 'zod';

const argumentSchema = z.union([z.number(), z.string(), z.array(z.int()), z.null()]);

/** How a library of networks builds a network. Arguments and code are null where it cannot, and `reason` says why. */
export const libraryUseSchema = z.object({
  /** By the library's own names. */
  arguments: z.record(z.string(), argumentSchema).nullable(),
  /** Python that leaves the network in `model`. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
  /** What differs from the network as it was searched though its parameters are as many: padding, input channels. */
  notes: z.array(z.string()),
});
export type LibraryUse = z.infer<typeof libraryUseSchema>;

/** How to build a network with the libraries that people train with: same layers, same number of parameters. */
export const networkUseSchema = z.object({
  keras: libraryUseSchema,
  timm: libraryUseSchema,
  torchvision: libraryUseSchema,
});
export type NetworkUse = z.infer<typeof networkUseSchema>;
